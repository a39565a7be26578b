import { expect, test } from 'vitest';
import { judgeObjectHeaders } from './object-headers.ts';

const before = {
  'a/1': { 'content-type': 'image/png', 'cache-control': 'no-store', 'x-amz-meta-owner': 'x' },
  'a/2': { 'content-type': 'text/plain' },
};

test('objects.headers-by-http passes for the same headers', () => {
  expect(judgeObjectHeaders(before, before)).toMatchObject({ check: 'objects.headers-by-http', verdict: 'pass' });
});

test('objects.headers-by-http is red for a header that is other, lost or new, and for an object that is gone', () => {
  const now = { 'a/1': { 'content-type': 'image/gif', 'cache-control': 'no-store', 'content-language': 'de' } };
  expect(judgeObjectHeaders(before, now)).toMatchObject({
    verdict: 'fail',
    evidence: ['a/1: content-language, content-type, x-amz-meta-owner', 'a/2 is not there'],
  });
});

test('objects.headers-by-http is red where no object was asked for', () => {
  expect(judgeObjectHeaders({}, {}).verdict).toBe('fail');
});
