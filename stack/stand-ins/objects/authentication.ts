import { timingSafeEqual } from 'node:crypto';
import { S3Error } from './errors.ts';
import {
  algorithm,
  credentialScope,
  emptySha256,
  instantOf,
  signingKey,
  signRequest,
  type Scope,
} from './signature.ts';

export interface Credentials {
  accessKey: string;
  secretKey: string;
}

/** A request before its body is read. Header names are in lower case; path and query are as sent. */
export interface RequestHead {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
}

/** What a valid signature says of the body, and what the signatures of its chunks go on from. */
export interface Authorisation {
  /** sha256 in hex, `UNSIGNED-PAYLOAD`, or one of the `STREAMING-` words. */
  payloadHash: string;
  signature: string;
  scope: Scope;
  key: Buffer;
}

interface Claim {
  accessKey: string;
  scope: Scope;
  scopeText: string;
  signedHeaders: string[];
  signature: string;
  /** Query without the signature that it carries. */
  query: string;
  payloadHash: string;
}

const skewLimitMs = 15 * 60_000;
const expiryLimitSeconds = 7 * 24 * 3600;

/**
 * Checks the signature of a request, in its header or in its query (a presigned URL). Throws an `S3Error` that says what
 * is wrong: the access key, the clock, the expiry, or the signature.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export function authenticate(head: RequestHead, credentials: Credentials, nowMs: number): Authorisation {
  const parameters = new URLSearchParams(head.query);
  const claim = parameters.has('X-Amz-Algorithm') ? queryClaim(head, parameters, nowMs) : headerClaim(head, nowMs);
  if (claim.accessKey !== credentials.accessKey) throw new S3Error('InvalidAccessKeyId');
  if (claim.scopeText !== credentialScope(claim.scope)) {
    throw new S3Error('AuthorizationHeaderMalformed', 'The credential scope does not match date and service.');
  }
  if (!claim.signedHeaders.includes('host')) {
    throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed: host.');
  }
  const expected = signRequest({ ...head, ...claim }, claim.scope, credentials.secretKey);
  if (!equal(expected, claim.signature)) throw new S3Error('SignatureDoesNotMatch');
  const key = signingKey(credentials.secretKey, claim.scope);
  return { payloadHash: claim.payloadHash, signature: claim.signature, scope: claim.scope, key };
}

function headerClaim({ headers, query }: RequestHead, nowMs: number): Claim {
  const { authorization } = headers;
  if (authorization === undefined) throw new S3Error('AccessDenied');
  if (!authorization.startsWith(`${algorithm} `)) {
    throw new S3Error('InvalidRequest', `The authorization mechanism is not supported. Please use ${algorithm}.`);
  }
  const fields = new Map(
    authorization
      .slice(algorithm.length)
      .split(',')
      .map((field) => {
        const [name = '', value = ''] = field.trim().split(/=(.*)/s);
        return [name, value] as const;
      }),
  );
  const signature = fields.get('Signature');
  const names = fields.get('SignedHeaders');
  if (!signature || !names) throw new S3Error('AuthorizationHeaderMalformed');
  // Who sends no digest, as curl does, has signed a request without a body; with one, the digest will not fit.
  const payloadHash = headers['x-amz-content-sha256'] ?? emptySha256;
  const credential = parseCredential(fields.get('Credential') ?? '');
  const timestamp = headers['x-amz-date'] ?? '';
  const instantMs = instantOf(timestamp);
  if (instantMs === undefined) throw new S3Error('AccessDenied', 'A valid x-amz-date header is needed.');
  if (Math.abs(nowMs - instantMs) > skewLimitMs) throw new S3Error('RequestTimeTooSkewed');
  return {
    ...credential,
    scope: { timestamp, region: credential.region },
    signedHeaders: names.split(';'),
    signature,
    query,
    payloadHash,
  };
}

function queryClaim({ headers, query }: RequestHead, parameters: URLSearchParams, nowMs: number): Claim {
  const value = (name: string) => parameters.get(`X-Amz-${name}`) ?? '';
  const seconds = Number(value('Expires'));
  const instantMs = instantOf(value('Date'));
  const complete = value('Algorithm') === algorithm && value('SignedHeaders') !== '' && value('Signature') !== '';
  if (
    !complete ||
    instantMs === undefined ||
    !Number.isInteger(seconds) ||
    seconds < 1 ||
    seconds > expiryLimitSeconds
  ) {
    throw new S3Error('AuthorizationQueryParametersError');
  }
  if (nowMs < instantMs - skewLimitMs) throw new S3Error('AccessDenied', 'Request is not valid yet.');
  if (nowMs > instantMs + seconds * 1000) throw new S3Error('AccessDenied', 'Request has expired.');
  const credential = parseCredential(value('Credential'));
  return {
    ...credential,
    scope: { timestamp: value('Date'), region: credential.region },
    signedHeaders: value('SignedHeaders').split(';'),
    signature: value('Signature'),
    query: query
      .split('&')
      .filter((pair) => !pair.startsWith('X-Amz-Signature='))
      .join('&'),
    payloadHash: parameters.get('X-Amz-Content-Sha256') ?? headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  };
}

/** `ACCESS/20130524/us-east-1/s3/aws4_request`; an access key may hold slashes itself. */
function parseCredential(credential: string): { accessKey: string; region: string; scopeText: string } {
  const match = /^(.+)\/(\d{8}\/([^/]+)\/s3\/aws4_request)$/.exec(credential);
  if (!match) throw new S3Error('AuthorizationHeaderMalformed', 'The credential is malformed.');
  const [, accessKey = '', scopeText = '', region = ''] = match;
  return { accessKey, region, scopeText };
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
