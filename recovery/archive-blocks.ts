import { DrillError } from '../domain/drill-error.ts';
import { parseHead, type ArchiveHead } from './archive-head.ts';

/** A block of data in an archive. */
export type ArchiveBlock = RowsBlock | LargeObjectsBlock;

/** The rows of one table. */
export interface RowsBlock {
  kind: 'rows';
  dumpId: number;
  /**
   * The rows as COPY text, cut anywhere: a row may be larger than memory. `rows` or `wholeRows`, one of them, is to be read
   * before the next block.
   */
  rows(): AsyncGenerator<Buffer>;
  /** Chunks of whole rows. Throws `masking-failed` for one of more than `rowBytesMax`; `table` is its name in the message. */
  wholeRows(table: string): AsyncGenerator<Buffer>;
}

/** The content of large objects, each to be read before the next, and all before the next block. */
export interface LargeObjectsBlock {
  kind: 'large-objects';
  dumpId: number;
  objects(): AsyncGenerator<ArchivedObject>;
}

export interface ArchivedObject {
  oid: number;
  content: AsyncGenerator<Buffer>;
}

/** The largest row that is held in memory as a whole, which is asked only to mask it, as COPY text. */
export const rowBytesMax = 64 * 1024 * 1024;

/** An archive whose head was read. */
export interface ReadArchive {
  head: ArchiveHead;
  /** The bytes of the head, as pg_restore takes them. */
  headBytes: Buffer;
  blocks(): AsyncGenerator<ArchiveBlock>;
}

/** Reads an archive from its beginning, as far as its data. Gives the reason for one that only pg_restore can read. */
export async function readArchive(chunks: AsyncIterator<Buffer>): Promise<ReadArchive | { unknown: string }> {
  let bytes = Buffer.alloc(0);
  let tryAt = 0;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    bytes = Buffer.concat([bytes, next.value]);
    // The head is read anew from its beginning each time, so the next time comes when there is twice as much.
    if (bytes.length < tryAt) continue;
    tryAt = bytes.length * 2;
    const result = parseHead(bytes);
    if ('unknown' in result) return result;
    if ('head' in result) {
      const { head } = result;
      const data = new BlockBytes(chunks, bytes.subarray(head.sizeBytes), head.integerBytes);
      return { head, headBytes: bytes.subarray(0, head.sizeBytes), blocks: () => readBlocks(data) };
    }
  }
  const result = parseHead(bytes);
  if (!('head' in result)) throw brokenOff('its table of contents');
  const data = new BlockBytes(chunks, bytes.subarray(result.head.sizeBytes), result.head.integerBytes);
  return { head: result.head, headBytes: bytes.subarray(0, result.head.sizeBytes), blocks: () => readBlocks(data) };
}

/** A byte of 1 begins rows, 3 large objects. */
const rowsBlock = 1;
const largeObjectsBlock = 3;

async function* readBlocks(data: BlockBytes): AsyncGenerator<ArchiveBlock> {
  for (let kind = await data.byte(); kind !== undefined; kind = await data.byte()) {
    if (kind !== rowsBlock && kind !== largeObjectsBlock) throw unexpected(`a block of kind ${kind}`);
    const dumpId = await data.integer();
    if (kind === rowsBlock)
      yield {
        kind: 'rows',
        dumpId,
        rows: () => withoutEnd(data.content()),
        wholeRows: (table) => wholeRows(data.content(), table),
      };
    else yield { kind: 'large-objects', dumpId, objects: () => readObjects(data) };
  }
}

/** Each begins with its number; a number of 0 ends the block. */
async function* readObjects(data: BlockBytes): AsyncGenerator<ArchivedObject> {
  for (let oid = await data.integer(); oid !== 0; oid = await data.integer()) {
    yield { oid, content: data.content() };
  }
}

/** pg_dump ends the rows of a table as a script does: a line with a backslash and a dot, and two empty ones. */
const endOfRows = Buffer.from('\\.\n\n\n');
const lineFeed = 10;

/** Takes the end of a block away and hands the rest on as it comes. */
async function* withoutEnd(content: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  /** The last bytes of what has arrived, which may be the end, or its beginning. */
  let held = Buffer.alloc(0);
  for await (const chunk of content) {
    const known = held.length + chunk.length - endOfRows.length;
    if (known <= 0) held = Buffer.concat([held, chunk]);
    else {
      if (held.length > 0) yield held.subarray(0, known);
      if (known > held.length) yield chunk.subarray(0, known - held.length);
      // Copies of these few bytes: the chunks they are in are not kept for them.
      held = Buffer.concat([held.subarray(known), chunk.subarray(Math.max(0, known - held.length))]);
    }
  }
  if (!held.equals(endOfRows)) throw unexpected('rows without their end');
}

/**
 * Cuts the bytes of a block into whole rows and takes its end away. Only the row that two chunks share is copied: the
 * others are handed on where they are.
 */
async function* wholeRows(content: AsyncGenerator<Buffer>, table: string): AsyncGenerator<Buffer> {
  /** Begun rows, and the last bytes of what has arrived, which may be the end. */
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of content) {
    const first = chunk.indexOf(lineFeed) + 1;
    // What is held stays so until the row is whole and the end cannot be in it any more.
    if (first === 0 || chunk.length - first < endOfRows.length) {
      held.push(Buffer.from(chunk));
      heldBytes += chunk.length;
      if (heldBytes > rowBytesMax) throw tooLarge(table);
      continue;
    }
    if (heldBytes > 0) yield Buffer.concat([...held, chunk.subarray(0, first)]);
    const from = heldBytes > 0 ? first : 0;
    const to = Math.max(from, chunk.lastIndexOf(lineFeed, chunk.length - endOfRows.length - 1) + 1);
    if (to > from) yield chunk.subarray(from, to);
    // A copy: the rest is small, and the chunk it is in is not kept for it.
    held = [Buffer.from(chunk.subarray(to))];
    heldBytes = chunk.length - to;
  }
  const last = Buffer.concat(held);
  const end = last.length - endOfRows.length;
  if (end < 0 || !last.subarray(end).equals(endOfRows)) throw unexpected('rows without their end');
  if (end > 0) yield last.subarray(0, end);
}

/** Reads a stream of chunks by bytes, integers and the content of blocks. */
class BlockBytes {
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer;
  #at = 0;
  readonly #integerBytes: number;

  constructor(chunks: AsyncIterator<Buffer>, first: Buffer, integerBytes: number) {
    this.#chunks = chunks;
    this.#chunk = first;
    this.#integerBytes = integerBytes;
  }

  /** `undefined` at the end of the archive. */
  async byte(): Promise<number | undefined> {
    if (this.#at === this.#chunk.length && !(await this.#advance())) return undefined;
    const value = this.#chunk[this.#at];
    this.#at += 1;
    return value;
  }

  async integer(): Promise<number> {
    const sign = await this.byte();
    let magnitude = 0;
    for (let index = 0; index < this.#integerBytes; index += 1) {
      const value = await this.byte();
      if (value === undefined) throw brokenOff('a number');
      magnitude += value * 2 ** (8 * index);
    }
    return sign === 0 ? magnitude : -magnitude;
  }

  /**
   * The content of the block whose number was just read. pg_dump writes it in pieces, each after its length, often one
   * a row; a length of zero ends it. The pieces of a chunk are moved together where they are, and given as one.
   */
  async *content(): AsyncGenerator<Buffer> {
    const headBytes = 1 + this.#integerBytes;
    let pieceBytes = await this.integer();
    while (pieceBytes !== 0) {
      if (this.#at === this.#chunk.length && !(await this.#advance())) throw brokenOff('rows');
      const chunk = this.#chunk;
      const begin = this.#at;
      let to = begin;
      let from = begin;
      // Whole pieces whose following length is in this chunk as well.
      while (pieceBytes !== 0 && from + pieceBytes + headBytes <= chunk.length) {
        if (to !== from) chunk.copyWithin(to, from, from + pieceBytes);
        to += pieceBytes;
        from += pieceBytes;
        pieceBytes = chunk[from] === 0 ? chunk.readUInt32LE(from + 1) : -1;
        from += headBytes;
        if (pieceBytes < 0) throw unexpected('a piece of no length');
      }
      if (pieceBytes !== 0) {
        const part = Math.min(pieceBytes, chunk.length - from);
        if (to !== from) chunk.copyWithin(to, from, from + part);
        to += part;
        from += part;
        pieceBytes -= part;
        this.#at = from;
        if (to > begin) yield chunk.subarray(begin, to);
        // The piece ends with the chunk or shortly before: its following length is split by the chunks.
        if (pieceBytes === 0) pieceBytes = await this.integer();
      } else {
        this.#at = from;
        if (to > begin) yield chunk.subarray(begin, to);
      }
    }
  }

  async #advance(): Promise<boolean> {
    for (let next = await this.#chunks.next(); !next.done; next = await this.#chunks.next()) {
      if (next.value.length === 0) continue;
      this.#chunk = next.value;
      this.#at = 0;
      return true;
    }
    return false;
  }
}

function tooLarge(table: string): DrillError {
  return new DrillError({
    code: 'masking-failed',
    what: `a row of ${table} is too large to be masked`,
    expected: `at most ${rowBytesMax / 1024 / 1024} MiB as COPY text`,
    actual: 'more',
    hint: 'Clear the table in the policy, or keep all of its columns: what is not masked has no limit.',
  });
}

function brokenOff(what: string): DrillError {
  return unexpected(`it ends inside ${what}`);
}

function unexpected(actual: string): DrillError {
  return new DrillError({
    code: 'backup-invalid',
    what: 'the archive in the backup cannot be read',
    expected: 'the custom format of pg_dump',
    actual,
  });
}
