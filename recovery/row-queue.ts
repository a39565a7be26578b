/**
 * How many bytes of rows may wait in memory, all queues together. Enough that the next tables can be loaded while a
 * large one is still being worked on; small against what the rest of the process needs.
 */
export const waitingBytesMax = 32 * 1024 * 1024;

/** What is handed to a connection at once, at most; a larger row has a block of its own. */
const blockBytes = 256 * 1024;

interface Block {
  bytes: Buffer;
  /** Bytes that have come in. */
  filled: number;
}

/**
 * The memory in which rows wait. Its blocks are used again and again: buffers that wait for long and are then given up
 * would make the whole heap be searched for them, dozens of times in a restore.
 */
export class WaitingRoom {
  readonly #free: Buffer[] = [];
  /** Blocks that may still be made. */
  #left: number;
  #vacancy = Promise.withResolvers<void>();

  constructor(limitBytes = waitingBytesMax) {
    this.#left = Math.max(2, Math.floor(limitBytes / blockBytes));
  }

  /** An empty block of at least `sizeBytes`; waits until there is one. */
  async enter(sizeBytes: number): Promise<Block> {
    while (this.#left === 0 && this.#free.length === 0) await this.#vacancy.promise;
    const used = this.#free.pop();
    if (used === undefined) this.#left -= 1;
    const isLarge = sizeBytes > blockBytes;
    const bytes = isLarge ? Buffer.allocUnsafeSlow(sizeBytes) : (used ?? Buffer.allocUnsafeSlow(blockBytes));
    return { bytes, filled: 0 };
  }

  leave({ bytes }: Block): void {
    if (bytes.length === blockBytes) this.#free.push(bytes);
    else this.#left += 1;
    this.#vacancy.resolve();
    this.#vacancy = Promise.withResolvers();
  }
}

/** Rows of one table on their way from the archive, which gives them in one stream, to a connection that loads them. */
export class RowQueue implements AsyncIterable<Buffer> {
  readonly #room: WaitingRoom;
  readonly #blocks: Block[] = [];
  #ended = false;
  #abandoned = false;
  #change = Promise.withResolvers<void>();

  constructor(room: WaitingRoom) {
    this.#room = room;
  }

  /** Copies a chunk of whole rows in, when there is room. What nobody will read any more is dropped. */
  async push(chunk: Buffer): Promise<void> {
    if (this.#abandoned) return;
    let block = this.#blocks.at(-1);
    if (block === undefined || block.filled + chunk.length > block.bytes.length) {
      block = await this.#room.enter(chunk.length);
      if (this.#abandoned) return this.#room.leave(block);
      this.#blocks.push(block);
    }
    chunk.copy(block.bytes, block.filled);
    block.filled += chunk.length;
    this.#changed();
  }

  end(): void {
    this.#ended = true;
    this.#changed();
  }

  /** Chunks of whole rows. Each is the reader's until it asks for the next: then its memory is used again. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      while (true) {
        // Taken out at once: what comes while it is being read goes into another block.
        const block = this.#blocks.shift();
        if (block) {
          yield block.bytes.subarray(0, block.filled);
          this.#room.leave(block);
        } else if (this.#ended) return;
        else await this.#change.promise;
      }
    } finally {
      this.#abandoned = true;
      for (const block of this.#blocks.splice(0)) this.#room.leave(block);
    }
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}
