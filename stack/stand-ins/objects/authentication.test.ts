import { describe, expect, test } from 'vitest';
import { authenticate, type RequestHead } from './authentication.ts';
import { emptySha256, signRequest } from './signature.ts';

/** Keys and requests are the published examples of AWS; see `signature.test.ts`. */
const credentials = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const dateMs = Date.UTC(2013, 4, 24);
const secondMs = 1000;
const minuteMs = 60 * secondMs;
const credential = `${credentials.accessKey}/20130524/us-east-1/s3/aws4_request`;

const byHeader: RequestHead = {
  method: 'GET',
  path: '/test.txt',
  query: '',
  headers: {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': emptySha256,
    'x-amz-date': '20130524T000000Z',
    authorization:
      `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,` +
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
};

const byQuery: RequestHead = {
  method: 'GET',
  path: '/test.txt',
  query: [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encodeURIComponent(credential)}`,
    'X-Amz-Date=20130524T000000Z',
    'X-Amz-Expires=86400',
    'X-Amz-SignedHeaders=host',
    'X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  ].join('&'),
  headers: { host: 'examplebucket.s3.amazonaws.com' },
};

const withHeaders = (headers: Record<string, string>): RequestHead => ({
  ...byHeader,
  headers: { ...byHeader.headers, ...headers },
});
const without = (name: string): RequestHead => {
  const { [name]: _, ...headers } = byHeader.headers;
  return { ...byHeader, headers };
};
const withAuthorization = (change: (text: string) => string): RequestHead =>
  withHeaders({ authorization: change(byHeader.headers['authorization'] ?? '') });
const withQuery = (change: (text: string) => string): RequestHead => ({ ...byQuery, query: change(byQuery.query) });

describe('a signature in the header', () => {
  test('of the example opens', () => {
    expect(authenticate(byHeader, credentials, dateMs)).toMatchObject({
      payloadHash: emptySha256,
      scope: { timestamp: '20130524T000000Z', region: 'us-east-1' },
    });
  });

  test('holds for a quarter of an hour on both sides', () => {
    for (const offMs of [-15 * minuteMs, 15 * minuteMs]) {
      expect(() => authenticate(byHeader, credentials, dateMs + offMs)).not.toThrow();
      const beyondMs = dateMs + offMs + Math.sign(offMs) * secondMs;
      expect(() => authenticate(byHeader, credentials, beyondMs)).toThrow(
        expect.objectContaining({ code: 'RequestTimeTooSkewed' }),
      );
    }
  });

  test.for([
    ['another path', { ...byHeader, path: '/other.txt' }, 'SignatureDoesNotMatch'],
    ['another method', { ...byHeader, method: 'DELETE' }, 'SignatureDoesNotMatch'],
    ['another query', { ...byHeader, query: 'versionId=null' }, 'SignatureDoesNotMatch'],
    ['another signed header', withHeaders({ range: 'bytes=0-99' }), 'SignatureDoesNotMatch'],
    ['another body', withHeaders({ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }), 'SignatureDoesNotMatch'],
    ['a shorter signature', withAuthorization((text) => text.slice(0, -1)), 'SignatureDoesNotMatch'],
    ['another access key', withAuthorization((text) => text.replace('AKIA', 'AKIB')), 'InvalidAccessKeyId'],
    [
      'another day',
      withAuthorization((text) => text.replace('/20130524/', '/20130525/')),
      'AuthorizationHeaderMalformed',
    ],
    ['another service', withAuthorization((text) => text.replace('/s3/', '/sqs/')), 'AuthorizationHeaderMalformed'],
    ['an unsigned host', withAuthorization((text) => text.replace('=host;', '=')), 'AccessDenied'],
    ['no signature', withAuthorization((text) => text.replace('Signature=', 'Sign=')), 'AuthorizationHeaderMalformed'],
    ['another mechanism', withHeaders({ authorization: 'AWS AKIA:x' }), 'InvalidRequest'],
    ['no authorisation', without('authorization'), 'AccessDenied'],
    ['no date', without('x-amz-date'), 'AccessDenied'],
    ['a signed header left out', without('x-amz-content-sha256'), 'SignatureDoesNotMatch'],
  ] as const)('%s is refused', ([, head, code]) => {
    expect(() => authenticate(head, credentials, dateMs)).toThrow(expect.objectContaining({ code }));
  });

  test('another secret is refused', () => {
    expect(() => authenticate(byHeader, { ...credentials, secretKey: 'x' }, dateMs)).toThrow(
      expect.objectContaining({ code: 'SignatureDoesNotMatch' }),
    );
  });
});

describe('a signature in the query', () => {
  test('of the example opens until it expires', () => {
    for (const nowMs of [dateMs, dateMs + 86_400 * secondMs]) {
      expect(authenticate(byQuery, credentials, nowMs)).toMatchObject({ payloadHash: 'UNSIGNED-PAYLOAD' });
    }
    for (const nowMs of [dateMs + 86_401 * secondMs, dateMs - 16 * minuteMs]) {
      expect(() => authenticate(byQuery, credentials, nowMs)).toThrow(
        expect.objectContaining({ code: 'AccessDenied' }),
      );
    }
  });

  test.for([
    ['another expiry', withQuery((text) => text.replace('=86400', '=86401')), 'SignatureDoesNotMatch'],
    ['another parameter', withQuery((text) => `${text}&versionId=null`), 'SignatureDoesNotMatch'],
    ['more than a week', withQuery((text) => text.replace('=86400', '=604801')), 'AuthorizationQueryParametersError'],
    ['an expiry of zero', withQuery((text) => text.replace('=86400', '=0')), 'AuthorizationQueryParametersError'],
    ['no expiry', withQuery((text) => text.replace('X-Amz-Expires', 'X')), 'AuthorizationQueryParametersError'],
    ['no date', withQuery((text) => text.replace('X-Amz-Date', 'X')), 'AuthorizationQueryParametersError'],
    ['another algorithm', withQuery((text) => text.replace('SHA256', 'SHA512')), 'AuthorizationQueryParametersError'],
  ] as const)('%s is refused', ([, head, code]) => {
    expect(() => authenticate(head, credentials, dateMs)).toThrow(expect.objectContaining({ code }));
  });
});

test('an access key may hold slashes; a request without a digest has no body', () => {
  const own = { accessKey: 'a/b', secretKey: 'secret-of-a-b' };
  const headers = { host: 'x', 'x-amz-date': '20130524T000000Z' };
  const parts = { method: 'GET', path: '/', query: '', headers, signedHeaders: ['host', 'x-amz-date'] };
  const scope = { timestamp: '20130524T000000Z', region: 'r' };
  const signature = signRequest({ ...parts, payloadHash: emptySha256 }, scope, own.secretKey);
  const authorization =
    'AWS4-HMAC-SHA256 Credential=a/b/20130524/r/s3/aws4_request, ' +
    `SignedHeaders=host;x-amz-date, Signature=${signature}`;
  const found = authenticate({ ...parts, headers: { ...headers, authorization } }, own, dateMs);
  expect(found).toMatchObject({ scope, payloadHash: emptySha256 });
});
