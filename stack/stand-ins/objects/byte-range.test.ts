import { expect, test } from 'vitest';
import { parseCopyRange, parseRange, partRange } from './byte-range.ts';

test.for([
  ['bytes=0-0', 10, { first: 0, last: 0 }],
  ['bytes=3-', 10, { first: 3, last: 9 }],
  ['bytes=3-99', 10, { first: 3, last: 9 }],
  ['bytes=-4', 10, { first: 6, last: 9 }],
  ['bytes=-99', 10, { first: 0, last: 9 }],
  ['bytes=0-1,3-4', 10, undefined],
  ['bytes=-', 10, undefined],
  ['lines=1-2', 10, undefined],
] as const)('%s of %i bytes', ([header, sizeBytes, range]) => {
  expect(parseRange(header, sizeBytes)).toEqual(range);
});

test.for(['bytes=10-', 'bytes=5-4', 'bytes=-0'])('%s of 10 bytes is refused', (header) => {
  expect(() => parseRange(header, 10)).toThrow(expect.objectContaining({ code: 'InvalidRange', status: 416 }));
});

test('nothing of nothing is refused', () => {
  expect(() => parseRange('bytes=0-', 0)).toThrow(expect.objectContaining({ code: 'InvalidRange' }));
});

test('a copied part lies within its source', () => {
  expect(parseCopyRange('bytes=2-9', 10)).toEqual({ first: 2, last: 9 });
  expect(parseCopyRange(undefined, 10)).toEqual({ first: 0, last: 9 });
  for (const header of ['bytes=2-10', 'bytes=3-2', 'bytes=3-', '3-4']) {
    expect(() => parseCopyRange(header, 10), header).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  }
});

test('parts are counted from 1', () => {
  const parts = [{ sizeBytes: 4 }, { sizeBytes: 6 }];
  expect(partRange(parts, '2')).toEqual({ first: 4, last: 9 });
  for (const number of ['0', '3', 'x']) expect(() => partRange(parts, number)).toThrow();
});
