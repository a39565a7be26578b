import { DrillError } from '../domain/drill-error.ts';

const lineFeed = 10;
/** The line that ends the rows of a COPY. No row looks like it: a backslash in a value is written twice. */
const endOfRows = Buffer.from('\\.\n');
const lineFeedAndEndOfRows = Buffer.from('\n\\.\n');

/** Reads a stream of bytes as lines of text or as rows of a COPY, whichever is asked for. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next line without its line feed; `undefined` at the end. */
  async line(): Promise<string | undefined> {
    let pieces: Buffer[] = [];
    for (let data = await this.#next(); data; data = await this.#next()) {
      const end = data.indexOf(lineFeed);
      if (end === -1) {
        pieces.push(data);
        continue;
      }
      this.#rest = data.subarray(end + 1);
      return Buffer.concat([...pieces, data.subarray(0, end)]).toString('utf8');
    }
    return pieces.length === 0 ? undefined : Buffer.concat(pieces).toString('utf8');
  }

  /** Chunks of whole rows up to the line that ends them. A stream that ends before it is an error. */
  async *rows(): AsyncGenerator<Buffer> {
    /** The beginning of a row whose end has not arrived. */
    let begun: Buffer[] = [];
    for (let chunk = await this.#next(); chunk; chunk = await this.#next()) {
      if (begun.length > 0 && !chunk.includes(lineFeed)) {
        begun.push(chunk);
        continue;
      }
      const data = begun.length === 0 ? chunk : Buffer.concat([...begun, chunk]);
      begun = [];
      if (data.subarray(0, endOfRows.length).equals(endOfRows)) {
        this.#rest = data.subarray(endOfRows.length);
        return;
      }
      const end = data.indexOf(lineFeedAndEndOfRows);
      if (end !== -1) {
        this.#rest = data.subarray(end + lineFeedAndEndOfRows.length);
        yield data.subarray(0, end + 1);
        return;
      }
      const whole = data.lastIndexOf(lineFeed) + 1;
      if (whole < data.length) begun = [data.subarray(whole)];
      if (whole > 0) yield data.subarray(0, whole);
    }
    throw new DrillError({
      code: 'restore-failed',
      what: 'the rows of a table break off',
      expected: 'the line that ends them',
      actual: 'the end of the archive',
    });
  }

  /** What is left of the last chunk, or the next one. */
  async #next(): Promise<Buffer | undefined> {
    if (this.#rest.length > 0) {
      const rest = this.#rest;
      this.#rest = Buffer.alloc(0);
      return rest;
    }
    const { done, value } = await this.#source.next();
    return done ? undefined : value;
  }
}
