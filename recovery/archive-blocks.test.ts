import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readArchive, rowBytesMax, type RowsBlock } from './archive-blocks.ts';

const integer = (value: number): Buffer => {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32LE(value, 1);
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([integer(value.length), Buffer.from(value)]);

/** The head of an archive of PostgreSQL 15 that names nothing. */
const head = Buffer.concat([
  Buffer.from('PGDMP'),
  Buffer.from([1, 14, 0, 4, 8, 1]),
  integer(0),
  ...Array.from({ length: 7 }, () => integer(0)),
  ...['shop', '15.18', '15.18'].map(text),
  integer(0),
]);

const endOfRows = '\\.\n\n\n';

/** A block as pg_dump writes one: its pieces, each after its length. */
function blockOf(dumpId: number, pieces: readonly Buffer[]): Buffer {
  const written = pieces.filter(({ length }) => length > 0).flatMap((piece) => [integer(piece.length), piece]);
  return Buffer.concat([Buffer.from([1]), integer(dumpId), ...written, integer(0)]);
}

function cutAt(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...pieces, bytes.subarray(at)];
}

async function read(
  archive: Buffer,
  chunkBytes: readonly number[],
  rowsOf: (block: RowsBlock) => AsyncGenerator<Buffer>,
): Promise<{ dumpId: number; chunks: Buffer[] }[]> {
  // Each chunk is a buffer of its own, as a stream gives them: reading moves bytes within it.
  const chunks = cutAt(archive, chunkBytes).map((chunk) => Buffer.from(chunk));
  const opened = await readArchive(chunks.values() as unknown as AsyncIterator<Buffer>);
  if ('unknown' in opened) throw new Error(opened.unknown);
  const found: { dumpId: number; chunks: Buffer[] }[] = [];
  for await (const block of opened.blocks()) {
    if (block.kind !== 'rows') throw new Error('it is no block of rows');
    const given = (await Array.fromAsync(rowsOf(block))).map((chunk) => Buffer.from(chunk));
    found.push({ dumpId: block.dumpId, chunks: given });
  }
  return found;
}

const rows = fc.array(
  fc.string({ maxLength: 12 }).map((row) => row.replaceAll('\n', ' ')),
  { maxLength: 8 },
);
const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 });

test('rows come as they were written, however pieces and chunks are cut: whole where that is asked', async () => {
  await fc.assert(
    fc.asyncProperty(rows, rows, sizes, sizes, async (first, second, pieceSizes, chunkSizes) => {
      const written = [first, second].map((list) => list.map((row) => `${row}\n`).join(''));
      const blocks = written.map((body, index) =>
        blockOf(7 + index, cutAt(Buffer.from(`${body}${endOfRows}`), pieceSizes)),
      );
      const archive = Buffer.concat([head, ...blocks]);
      const anywhere = await read(archive, chunkSizes, (block) => block.rows());
      const whole = await read(archive, chunkSizes, (block) => block.wholeRows('t'));
      for (const found of [anywhere, whole]) {
        expect(found.map(({ dumpId }) => dumpId)).toEqual([7, 8]);
        expect(found.map(({ chunks }) => Buffer.concat(chunks).toString())).toEqual(written);
      }
      for (const chunk of whole.flatMap(({ chunks }) => chunks)) expect(chunk.at(-1)).toBe(10);
    }),
  );
});

test.each(['', '1\n', '1\n\\.\n'])('rows without their end are refused: %j', async (body) => {
  const archive = Buffer.concat([head, blockOf(7, [Buffer.from(body)])]);
  await expect(read(archive, [], (block) => block.rows())).rejects.toThrow('rows without their end');
  await expect(read(archive, [], (block) => block.wholeRows('t'))).rejects.toThrow('rows without their end');
});

test('a row of any size passes in small chunks; to be held as a whole it may have 64 MiB', async () => {
  const chunkBytes = 1024 * 1024;
  const large = rowBytesMax / chunkBytes + 1;
  const row = Buffer.alloc(chunkBytes * large, 'x');
  const archive = Buffer.concat([head, blockOf(7, [row, Buffer.from(`\n${endOfRows}`)])]);
  const cuts = Array.from({ length: large }, () => chunkBytes);
  const [found] = await read(archive, cuts, (block) => block.rows());
  expect(found?.chunks.reduce((sum, { length }) => sum + length, 0)).toBe(row.length + 1);
  expect(Math.max(...(found?.chunks ?? []).map(({ length }) => length))).toBeLessThanOrEqual(chunkBytes);
  await expect(read(archive, cuts, (block) => block.wholeRows('public.scans'))).rejects.toThrow(
    'a row of public.scans is too large to be masked',
  );
});
