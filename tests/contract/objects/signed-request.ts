import { getGlobalDispatcher } from 'undici';
import { systemClock } from '../../../domain/clock.ts';
import type { ObjectStoreAccess } from '../../../domain/service.ts';
import {
  algorithm,
  credentialScope,
  encodePath,
  sha256,
  signRequest,
  timestampOf,
  type Scope,
} from '../../../stack/stand-ins/objects/signature.ts';

export interface RawRequest {
  method: string;
  bucket?: string;
  key?: string;
  /** Path as it goes over the wire, in place of bucket and key. */
  path?: string;
  query?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** What `x-amz-content-sha256` says, in place of the true digest. */
  payloadHash?: string;
  /** How far the client's clock is ahead, in milliseconds. */
  skewMs?: number;
  /** Headers that are added after signing. */
  unsignedHeaders?: Record<string, string>;
  /** Changes the signature before it is sent. */
  forge?: (signature: string) => string;
}

export interface RawResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  text: string;
  /** Content of the `Code` element of an error; empty without one. */
  code: string;
}

/** Sends one request signed with Signature Version 4, with whatever is wrong about it on purpose. */
export async function signedRequest(access: ObjectStoreAccess, raw: RawRequest): Promise<RawResponse> {
  const path = raw.path ?? `/${raw.bucket ?? ''}${raw.key === undefined ? '' : `/${encodePath(raw.key)}`}`;
  const { headers } = signHeaders(access, path, raw);
  return send(access, raw.method, `${path}${raw.query ? `?${raw.query}` : ''}`, headers, raw.body);
}

/** Sends a request as it is. `target` is path and query. */
export async function send(
  access: ObjectStoreAccess,
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<RawResponse> {
  const response = await getGlobalDispatcher().request({
    origin: `http://${access.endpoint}:${access.port}`,
    path: target,
    method,
    headers,
    body: body ?? null,
  });
  const bytes = Buffer.from(await response.body.arrayBuffer());
  const text = bytes.length < 1e6 ? bytes.toString() : '';
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? '';
  return { status: response.statusCode, headers: response.headers, body: bytes, text, code };
}

/** The headers of a signed request, and what the signatures of its chunks go on from. */
export function signHeaders(
  access: ObjectStoreAccess,
  path: string,
  raw: RawRequest,
): { headers: Record<string, string>; scope: Scope; signature: string } {
  const scope = { timestamp: timestampOf(systemClock.now().getTime() + (raw.skewMs ?? 0)), region: access.region };
  const payloadHash = raw.payloadHash ?? sha256(raw.body ?? '');
  const headers: Record<string, string> = {
    host: `${access.endpoint}:${access.port}`,
    ...raw.headers,
    'x-amz-date': scope.timestamp,
    'x-amz-content-sha256': payloadHash,
  };
  const signedHeaders = Object.keys(headers).sort();
  const parts = { method: raw.method, path, query: raw.query ?? '', headers, signedHeaders, payloadHash };
  const signature = (raw.forge ?? String)(signRequest(parts, scope, access.secretKey));
  const credential = `${access.accessKey}/${credentialScope(scope)}`;
  const authorization = `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
  return { headers: { ...headers, ...raw.unsignedHeaders, authorization }, scope, signature };
}
