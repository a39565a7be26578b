import { parseHead, type TocEntry } from './archive-head.ts';

/**
 * What an archive holds, by the numbers that a script of pg_restore announces. Names in the script are made fit for a
 * comment, and may look like other parts of it; here they are as they are.
 */
export class TableOfContents {
  #chunks: Buffer[] = [];
  #entries: ReadonlyMap<number, TocEntry> | undefined;

  static of(entries: readonly TocEntry[]): TableOfContents {
    const contents = new TableOfContents();
    contents.#entries = byNumber(entries);
    return contents;
  }

  /** Takes the archive chunk by chunk. It is read once the first entry is asked for; later chunks are passed over. */
  take(chunk: Buffer): void {
    if (this.#entries === undefined) this.#chunks.push(chunk);
  }

  /** `undefined` for an archive of a layout that is not known. Everything up to the first row has been taken by then. */
  entry(dumpId: number): TocEntry | undefined {
    if (this.#entries === undefined) {
      const result = parseHead(Buffer.concat(this.#chunks));
      if ('incomplete' in result) return undefined;
      this.#entries = byNumber('head' in result ? result.head.entries : []);
      this.#chunks = [];
    }
    return this.#entries.get(dumpId);
  }
}

function byNumber(entries: readonly TocEntry[]): ReadonlyMap<number, TocEntry> {
  return new Map(entries.map((entry) => [entry.dumpId, entry]));
}
