import { createHash, createHmac } from 'node:crypto';

export const algorithm = 'AWS4-HMAC-SHA256';

/** sha256 of nothing, in hex. */
export const emptySha256 = sha256('');

/** The parts of a request that a signature covers. Names of headers are in lower case, path and query as sent. */
export interface SignedParts {
  method: string;
  /** Path without the query, percent-encoded in any way. */
  path: string;
  /** Query without its question mark, percent-encoded in any way; without `X-Amz-Signature`. */
  query: string;
  headers: Record<string, string>;
  /** In the order of the alphabet. */
  signedHeaders: readonly string[];
  /** sha256 of the body in hex, or one of the fixed words of `x-amz-content-sha256`. */
  payloadHash: string;
}

/** When and where a signature holds. */
export interface Scope {
  /** `20130524T000000Z`. */
  timestamp: string;
  region: string;
}

/**
 * Signature (hex) of a request with AWS Signature Version 4 for the service `s3`.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signRequest(parts: SignedParts, scope: Scope, secretKey: string): string {
  return signText(signingKey(secretKey, scope), stringToSign(canonicalRequest(parts), scope));
}

/** The request in the one form that both sides sign. Throws `URIError` when path or query are not valid UTF-8. */
export function canonicalRequest(parts: SignedParts): string {
  const { method, path, query, headers, signedHeaders, payloadHash } = parts;
  return [
    method,
    encodePath(decodeURIComponent(path)),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

function stringToSign(canonical: string, scope: Scope): string {
  return [algorithm, scope.timestamp, credentialScope(scope), sha256(canonical)].join('\n');
}

/** `20130524/us-east-1/s3/aws4_request`. */
export function credentialScope({ timestamp, region }: Scope): string {
  return `${timestamp.slice(0, 8)}/${region}/s3/aws4_request`;
}

/** The key of one day, region and service, derived from the secret. */
export function signingKey(secretKey: string, scope: Scope): Buffer {
  const steps = credentialScope(scope).split('/');
  return steps.reduce<Buffer>((key, step) => hmac(key, step), Buffer.from(`AWS4${secretKey}`));
}

/** Hex HMAC of a string to sign. */
export function signText(key: Buffer, text: string): string {
  return hmac(key, text).toString('hex');
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Percent-encodes all but the unreserved characters of RFC 3986, as S3 signs it. */
function encodeUri(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Percent-encodes a key or a path; its slashes stay. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeUri).join('/');
}

/** The instant of a timestamp such as `20130524T000000Z` in milliseconds; `undefined` when it is none. */
export function instantOf(timestamp: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const instantMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(instantMs) ? undefined : instantMs;
}

/** The inverse of `instantOf`. */
export function timestampOf(instantMs: number): string {
  return new Date(instantMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const split = pair.indexOf('=');
      const [name, value] = split === -1 ? [pair, ''] : [pair.slice(0, split), pair.slice(split + 1)];
      return { name: encodeUri(decodeQuery(name)), value: encodeUri(decodeQuery(value)) };
    })
    .sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A plus sign in a query is a space, as in a form. */
function decodeQuery(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
