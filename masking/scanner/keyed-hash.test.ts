import { expect, it } from 'vitest';
import { KeyedHash } from './keyed-hash.ts';

/** Published with the reference implementation: the hash of the bytes 0, 1, 2, … under the key 0 to 7. */
it.each([
  [0, '218d1f59b9b83cc8'],
  [1, 'be552412f8387315'],
  [4, 'd5e78a175be52ea1'],
  [7, 'ff202728b07bc684'],
  [63, '2ea63c71bf326087'],
])('gives the published hash of %i bytes', (length, expected) => {
  const hash = new KeyedHash(Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]));
  hash.hash(Buffer.from(Array.from({ length }, (_, index) => index)), length);
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(hash.low, 0);
  bytes.writeUInt32LE(hash.high, 4);
  expect(bytes.toString('hex')).toBe(expected);
});
