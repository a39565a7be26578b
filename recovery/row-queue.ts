/**
 * How many bytes of rows may wait in memory, all queues together. Enough that the next tables can be loaded while a
 * large one is still being worked on; small against what the rest of the process needs.
 */
export const waitingBytesMax = 48 * 1024 * 1024;

/** The bytes that wait in several queues, and who waits for room. */
export class ByteBudget {
  readonly #limitBytes: number;
  #usedBytes = 0;
  #room = Promise.withResolvers<void>();

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Waits until there is room, then takes it. What is larger than the limit gets through when nothing else waits. */
  async take(sizeBytes: number): Promise<void> {
    while (this.#usedBytes > 0 && this.#usedBytes + sizeBytes > this.#limitBytes) await this.#room.promise;
    this.#usedBytes += sizeBytes;
  }

  give(sizeBytes: number): void {
    this.#usedBytes -= sizeBytes;
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}

/** Rows of one table on their way from the archive, which gives them in one stream, to a connection that loads them. */
export class RowQueue implements AsyncIterable<Buffer> {
  readonly #budget: ByteBudget;
  readonly #chunks: Buffer[] = [];
  #ended = false;
  #abandoned = false;
  #change = Promise.withResolvers<void>();

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** Waits for room. What nobody will read any more is dropped. */
  async push(chunk: Buffer): Promise<void> {
    if (this.#abandoned) return;
    await this.#budget.take(chunk.length);
    if (this.#abandoned) return this.#budget.give(chunk.length);
    this.#chunks.push(chunk);
    this.#changed();
  }

  end(): void {
    this.#ended = true;
    this.#changed();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      while (true) {
        const chunk = this.#chunks.shift();
        if (chunk) {
          // It counts until the next is asked for, since until then somebody works on it.
          yield chunk;
          this.#budget.give(chunk.length);
        } else if (this.#ended) return;
        else await this.#change.promise;
      }
    } finally {
      this.#abandoned = true;
      for (const chunk of this.#chunks.splice(0)) this.#budget.give(chunk.length);
    }
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}
