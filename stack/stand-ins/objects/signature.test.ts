import { describe, expect, test } from 'vitest';
import { canonicalRequest, emptySha256, encodePath, instantOf, sha256, signRequest, timestampOf } from './signature.ts';

/**
 * The published examples: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html. The keys are AWS's own examples.
 */
const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const scope = { timestamp: '20130524T000000Z', region: 'us-east-1' };
const host = 'examplebucket.s3.amazonaws.com';

function sign(method: string, path: string, query: string, headers: Record<string, string>, body = ''): string {
  const payloadHash = sha256(body);
  const all = { host, 'x-amz-date': scope.timestamp, 'x-amz-content-sha256': payloadHash, ...headers };
  const signedHeaders = Object.keys(all).sort();
  return signRequest({ method, path, query, headers: all, signedHeaders, payloadHash }, scope, secretKey);
}

describe('the examples of AWS', () => {
  test('GET Object with a range', () => {
    expect(sign('GET', '/test.txt', '', { range: 'bytes=0-9' })).toBe(
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });

  test('PUT Object with a key that needs encoding', () => {
    const headers = { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' };
    const signature = '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd';
    expect(sign('PUT', '/test$file.text', '', headers, 'Welcome to Amazon S3.')).toBe(signature);
    expect(sign('PUT', '/test%24file.text', '', headers, 'Welcome to Amazon S3.')).toBe(signature);
  });

  test('GET Bucket lifecycle, a query without a value', () => {
    const signature = 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543';
    expect(sign('GET', '/', 'lifecycle', {})).toBe(signature);
    expect(sign('GET', '/', 'lifecycle=', {})).toBe(signature);
  });

  test('GET Bucket, whatever the order of its query', () => {
    const signature = '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7';
    expect(sign('GET', '/', 'max-keys=2&prefix=J', {})).toBe(signature);
    expect(sign('GET', '/', 'prefix=J&max-keys=2', {})).toBe(signature);
  });

  test('a presigned GET', () => {
    const query = [
      'X-Amz-Algorithm=AWS4-HMAC-SHA256',
      'X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request',
      'X-Amz-Date=20130524T000000Z',
      'X-Amz-Expires=86400',
      'X-Amz-SignedHeaders=host',
    ].join('&');
    const parts = { method: 'GET', path: '/test.txt', query, headers: { host }, signedHeaders: ['host'] };
    expect(signRequest({ ...parts, payloadHash: 'UNSIGNED-PAYLOAD' }, scope, secretKey)).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });
});

describe('the canonical request', () => {
  const canonical = (path: string, query: string, value = '') =>
    canonicalRequest({
      method: 'GET',
      path,
      query,
      headers: { a: value },
      signedHeaders: ['a'],
      payloadHash: emptySha256,
    }).split('\n');

  test('encodes all but the unreserved characters, and keeps slashes of the path', () => {
    expect(canonical("/b/x y'()*!~/%2B+ü", '')[1]).toBe('/b/x%20y%27%28%29%2A%21~/%2B%2B%C3%BC');
  });

  test('sorts the query by name, then by value, a plus sign being a space', () => {
    expect(canonical('/', 'a-b=1&a=2&a=1+1&c')[2]).toBe('a=1%201&a=2&a-b=1&c=');
  });

  test('trims header values and joins their spaces', () => {
    expect(canonical('/', '', '  two   words ')[3]).toBe('a:two words');
  });

  test('is none for what is no UTF-8', () => {
    expect(() => canonical('/%FF', '')).toThrow(URIError);
  });
});

test('timestamps and instants', () => {
  expect(instantOf('20130524T000102Z')).toBe(Date.UTC(2013, 4, 24, 0, 1, 2));
  expect(timestampOf(Date.UTC(2013, 4, 24, 0, 1, 2, 987))).toBe('20130524T000102Z');
  for (const text of ['', '20130524', '20131324T000000Z', '2013-05-24T00:00:00Z']) {
    expect(instantOf(text), text).toBeUndefined();
  }
});

test('a path keeps its slashes and its segments', () => {
  expect(encodePath('a/b c/ü')).toBe('a/b%20c/%C3%BC');
});
