import { expect, test } from 'vitest';
import { together } from './partition-roots.ts';

test('contents of partitions add up as their digests do: modulo 2^64, part by part, in any order', () => {
  const one = { rows: 2, digest: 'ffffffffffffffff0000000000000001' };
  const other = { rows: 3, digest: '00000000000000020000000000000001' };
  expect(together(one, other)).toEqual({ rows: 5, digest: '00000000000000010000000000000002' });
  expect(together(other, one)).toEqual(together(one, other));
  expect(together(undefined, one)).toBe(one);
});
