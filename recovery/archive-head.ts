/**
 * The head of an archive in PostgreSQL's custom format: what is before the first row. Layout as in `ReadHead` and
 * `ReadToc` of src/bin/pg_dump/pg_backup_archiver.c, and `InitArchiveFmt_Custom` of pg_backup_custom.c; versions 1.12
 * (PostgreSQL 9.0) to 1.16 (PostgreSQL 17 and 18). Of another layout nothing is guessed.
 */
export interface ArchiveHead {
  /** Where the first block of data begins. */
  sizeBytes: number;
  /** Bytes of an integer in the archive, without the byte of its sign. */
  integerBytes: number;
  entries: TocEntry[];
}

export type Section = 'none' | 'pre-data' | 'data' | 'post-data';

/** An entry of the table of contents. */
export interface TocEntry {
  dumpId: number;
  type: string;
  schema: string;
  name: string;
  section: Section;
  /** SQL that makes the object; empty for rows. */
  definition: string;
  /** `COPY … FROM stdin;` for the rows of a table. */
  copy: string;
  dependencies: number[];
}

/** The head; or that more bytes are needed; or why the archive cannot be read by this. */
export type HeadResult = { head: ArchiveHead } | { incomplete: true } | { unknown: string };

const oldest = version(1, 12);
const newest = version(1, 16);
const sections: readonly Section[] = ['none', 'none', 'pre-data', 'data', 'post-data'];
const customFormat = 1;

/** Reads the head out of the first bytes of an archive. */
export function parseHead(bytes: Buffer): HeadResult {
  try {
    return parse(new FieldReader(bytes));
  } catch (error) {
    if (error === endOfBytes) return { incomplete: true };
    throw error;
  }
}

function parse(reader: FieldReader): HeadResult {
  if (reader.take(5).toString('latin1') !== 'PGDMP') return { unknown: 'it does not begin as an archive' };
  const [major = 0, minor = 0, revision = 0, integerBytes = 0, offsetBytes = 0, format = 0] = reader.take(6);
  const layout = version(major, minor);
  if (layout < oldest || layout > newest) return { unknown: `its layout is ${major}.${minor}.${revision}` };
  if (integerBytes !== 4 || format !== customFormat) return { unknown: 'it is not in the custom format' };
  // From 1.15 on a byte that names the algorithm, before that an integer that gives the level.
  const compression = layout >= version(1, 15) ? reader.byte() : reader.integer();
  if (compression !== 0) return { unknown: 'its rows are compressed' };
  // The date of its making in seven parts, the database, the versions of server and pg_dump.
  for (let part = 0; part < 7; part += 1) reader.integer();
  for (let part = 0; part < 3; part += 1) reader.text();
  const entries: TocEntry[] = [];
  for (let left = reader.integer(); left > 0; left -= 1) entries.push(readEntry(reader, layout, offsetBytes));
  return { head: { sizeBytes: reader.position, integerBytes, entries } };
}

function readEntry(reader: FieldReader, layout: number, offsetBytes: number): TocEntry {
  const dumpId = reader.integer();
  // Whether it has data; numbers of its catalogue and of the object.
  reader.integer();
  reader.text();
  reader.text();
  const name = reader.text();
  const type = reader.text();
  const section = sections[reader.integer()] ?? 'none';
  const definition = reader.text();
  // How to drop it.
  reader.text();
  const copy = reader.text();
  const schema = reader.text();
  // Tablespace; from 1.14 on the access method; from 1.16 on the kind of relation; owner; whether rows have numbers.
  reader.text();
  if (layout >= version(1, 14)) reader.text();
  if (layout >= version(1, 16)) reader.integer();
  reader.text();
  reader.text();
  const dependencies: number[] = [];
  for (let id = reader.textOrNull(); id !== undefined; id = reader.textOrNull()) dependencies.push(Number(id));
  // Whether the place of its data is known, and the place. In a stream it is not.
  reader.take(1 + offsetBytes);
  return { dumpId, type, schema, name, section, definition, copy, dependencies };
}

/** Thrown when the bytes end before the head does. */
const endOfBytes = new Error('more bytes are needed');

class FieldReader {
  readonly #bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(sizeBytes: number): Buffer {
    const end = this.position + sizeBytes;
    if (end > this.#bytes.length) throw endOfBytes;
    const taken = this.#bytes.subarray(this.position, end);
    this.position = end;
    return taken;
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  /** A byte for the sign, then the bytes of the magnitude, the lowest first. */
  integer(): number {
    const negative = this.byte() !== 0;
    const magnitude = this.take(4).readUInt32LE();
    return negative ? -magnitude : magnitude;
  }

  /** A length and that many bytes; no text is a length below zero. */
  textOrNull(): string | undefined {
    const sizeBytes = this.integer();
    return sizeBytes < 0 ? undefined : this.take(sizeBytes).toString('utf8');
  }

  text(): string {
    return this.textOrNull() ?? '';
  }
}

function version(major: number, minor: number): number {
  return major * 1000 + minor;
}
