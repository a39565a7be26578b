/**
 * A growing buffer that masked rows are written into. Short pieces are copied byte by byte, since a native copy costs
 * more than it saves below some dozen bytes.
 */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(sizeBytes: number) {
    this.#buffer = Buffer.allocUnsafe(Math.max(64, sizeBytes));
  }

  /** Number of bytes written so far. */
  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    if (this.#length === this.#buffer.length) this.#grow(1);
    this.#buffer[this.#length++] = value;
  }

  /** Writes `source[start, end)`. */
  bytes(source: Buffer, start: number, end: number): void {
    const sizeBytes = end - start;
    if (this.#length + sizeBytes > this.#buffer.length) this.#grow(sizeBytes);
    const target = this.#buffer;
    if (sizeBytes > 32) {
      source.copy(target, this.#length, start, end);
    } else {
      let at = this.#length;
      for (let index = start; index < end; index++) target[at++] = source[index]!;
    }
    this.#length += sizeBytes;
  }

  all(source: Buffer): void {
    this.bytes(source, 0, source.length);
  }

  /** What was written. The writer is used up: the caller owns the bytes. */
  take(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #grow(sizeBytes: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + sizeBytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
