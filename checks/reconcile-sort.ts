import { DrillError } from '../domain/drill-error.ts';
import type { ReconciliationEntry, ReconciliationSource } from '../domain/reconciliation.ts';

const chunkBytes = 1_048_576;
/** Three lengths in front of each record: of the key, the digest and the row's id. */
const headerBytes = 12;
const absent = 0xffff_ffff;

export interface SortOptions {
  /** Most bytes that the kept entries may take; beyond it a `DrillError` says what to do instead. */
  maxBytes?: number;
}

/**
 * Reads entries in any order and gives them sorted by the bytes of their keys, as `reconcile` wants them. Two equal
 * keys stay two: `reconcile` refuses them.
 *
 * They are kept whole but compact, as UTF-8 in large buffers outside the heap: 12 bytes and the texts themselves for
 * an entry, and 8 to find it. Hash partitions would need less at a time, and would read a store once for each of them;
 * kept hashes would need less too, and could neither name what is orphaned nor rule out a collision. At 100,000
 * entries this takes 10 MB, at a million 100 MB, and no one reads a store larger than that without a sorted listing.
 */
export async function* sortEntries(
  source: ReconciliationSource,
  { maxBytes = 200_000_000 }: SortOptions = {},
): AsyncGenerator<ReconciliationEntry> {
  const records = await readRecords(source, maxBytes);
  const positions = Float64Array.from(records.positions);
  records.positions.length = 0;
  positions.sort((one, other) => compareAt(records.chunks, one, other));
  for (const position of positions) yield entryAt(records.chunks, position);
}

interface Records {
  chunks: Buffer[];
  /** Number of the chunk times `chunkBytes`, plus the offset in it. */
  positions: number[];
}

async function readRecords(source: ReconciliationSource, maxBytes: number): Promise<Records> {
  const chunks: Buffer[] = [];
  const positions: number[] = [];
  let offset = chunkBytes;
  let keptBytes = 0;
  for await (const entry of source) {
    const texts = [entry.key, entry.digest, entry.rowId] as const;
    const lengths = texts.map((text) => (text === undefined ? 0 : Buffer.byteLength(text)));
    const sizeBytes = headerBytes + lengths.reduce((sum, length) => sum + length, 0);
    keptBytes += sizeBytes + 8;
    if (keptBytes > maxBytes) throw tooMuch(positions.length, maxBytes);
    if (offset + sizeBytes > chunkBytes) {
      // A record never spans two chunks; one that is larger than a chunk has a larger one for itself.
      chunks.push(Buffer.allocUnsafeSlow(Math.max(chunkBytes, sizeBytes)));
      offset = 0;
    }
    const chunk = chunks.at(-1)!;
    positions.push((chunks.length - 1) * chunkBytes + offset);
    for (const [index, text] of texts.entries())
      offset = chunk.writeUInt32LE(text === undefined ? absent : lengths[index]!, offset);
    for (const text of texts) if (text !== undefined) offset += chunk.write(text, offset);
  }
  return { chunks, positions };
}

function compareAt(chunks: readonly Buffer[], one: number, other: number): number {
  const [oneChunk, oneAt] = place(chunks, one);
  const [otherChunk, otherAt] = place(chunks, other);
  const oneKey = oneAt + headerBytes;
  const otherKey = otherAt + headerBytes;
  return oneChunk.compare(
    otherChunk,
    otherKey,
    otherKey + otherChunk.readUInt32LE(otherAt),
    oneKey,
    oneKey + oneChunk.readUInt32LE(oneAt),
  );
}

function entryAt(chunks: readonly Buffer[], position: number): ReconciliationEntry {
  const [chunk, at] = place(chunks, position);
  let offset = at + headerBytes;
  const [key, digest, rowId] = [0, 4, 8].map((field) => {
    const length = chunk.readUInt32LE(at + field);
    if (length === absent) return undefined;
    offset += length;
    return chunk.toString('utf8', offset - length, offset);
  });
  return { key: key ?? '', ...(digest !== undefined && { digest }), ...(rowId !== undefined && { rowId }) };
}

function place(chunks: readonly Buffer[], position: number): [chunk: Buffer, offset: number] {
  return [chunks[Math.floor(position / chunkBytes)]!, position % chunkBytes];
}

function tooMuch(entries: number, maxBytes: number): DrillError {
  return new DrillError({
    code: 'internal',
    what: 'there are too many entries to sort in memory',
    expected: `at most ${Math.round(maxBytes / 1_000_000)} MB`,
    actual: `more after ${entries} entries`,
    hint: 'Let the store sort its listing by key, or reconcile it by parts: one prefix or index after the other.',
  });
}
