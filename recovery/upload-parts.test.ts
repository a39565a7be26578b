import { describe, expect, it } from 'vitest';
import { fillFrom, partBytesFor } from './upload-parts.ts';

const mebibyte = 1024 * 1024;

describe('the parts of an upload', () => {
  it('have 8 MiB, and more where 10,000 of these would not do', () => {
    expect(partBytesFor(0)).toBe(8 * mebibyte);
    expect(partBytesFor(80_000 * mebibyte)).toBe(8 * mebibyte);
    for (const sizeBytes of [80_000 * mebibyte + 1, 5_000_000 * mebibyte])
      expect(Math.ceil(sizeBytes / partBytesFor(sizeBytes))).toBeLessThanOrEqual(10_000);
    expect(partBytesFor(80_000 * mebibyte + 1)).toBe(9 * mebibyte);
  });

  it.for([
    [['abcdefgh'], ['abc', 'def', 'gh', '']],
    [
      ['a', 'b', '', 'cdefg'],
      ['abc', 'def', 'g'],
    ],
    [
      ['abc', 'def'],
      ['abc', 'def', ''],
    ],
    [[], ['']],
  ] as const)('are filled from pieces of any size: %j', async ([pieces, parts]) => {
    const fill = fillFrom(chunks(pieces));
    const into = Buffer.alloc(3);
    for (const part of parts) expect(into.toString('latin1', 0, await fill(into))).toBe(part);
  });
});

async function* chunks(pieces: readonly string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece);
}
