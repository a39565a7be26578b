import { S3Error } from './errors.ts';

const longestLineBytes = 4096;

/** Reads lines and stretches of bytes out of a stream by turns, holding no more than one of its pieces. */
export class ByteReader {
  #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** True when every byte was read. */
  async atEnd(): Promise<boolean> {
    return this.#held.length === 0 && !(await this.#pull());
  }

  /** The text up to the next line feed, without its line end; at the end of the stream, what is left. */
  async line(): Promise<string> {
    let end = this.#held.indexOf('\n');
    while (end === -1 && this.#held.length <= longestLineBytes && (await this.#pull())) end = this.#held.indexOf('\n');
    if (end === -1) end = this.#held.length;
    if (end > longestLineBytes) throw new S3Error('InvalidRequest', 'A line of the chunked body is too long.');
    return this.#take(end + 1)
      .toString('latin1')
      .replace(/\r?\n?$/, '');
  }

  /** Exactly so many bytes, in the pieces they come in; throws `IncompleteBody` when the stream ends before. */
  async *bytes(sizeBytes: number): AsyncGenerator<Buffer> {
    for (let left = sizeBytes; left > 0;) {
      if (this.#held.length === 0 && !(await this.#pull())) throw new S3Error('IncompleteBody');
      const piece = this.#take(left);
      left -= piece.length;
      yield piece;
    }
  }

  #take(sizeBytes: number): Buffer {
    const taken = this.#held.subarray(0, sizeBytes);
    this.#held = this.#held.subarray(sizeBytes);
    return taken;
  }

  async #pull(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    return true;
  }
}
