/**
 * How many bytes of rows may wait in memory, all queues together. Enough that the next tables can be loaded while a
 * large one is still being worked on; small against what the rest of the process needs.
 */
const waitingBytesMax = 32 * 1024 * 1024;

/** What is handed to a connection at once, at most; a larger row has a block of its own. */
const blockBytes = 256 * 1024;

interface Block {
  bytes: Buffer;
  /** Bytes that have come in. */
  filled: number;
}

/**
 * The memory in which rows wait. Its blocks are used again and again: buffers that wait for long and are then given up
 * would make the whole heap be searched for them, dozens of times in a restore. A large row takes the place of as many
 * blocks; one that is larger than the room waits until it is empty, and then is alone in it.
 */
export class WaitingRoom {
  readonly #free: Buffer[] = [];
  readonly #places: number;
  /** Blocks that may still be made. */
  #left: number;
  #vacancy = Promise.withResolvers<void>();

  constructor(limitBytes = waitingBytesMax) {
    this.#places = Math.max(2, Math.floor(limitBytes / blockBytes));
    this.#left = this.#places;
  }

  /** A block for a chunk: an empty one, or the chunk itself where it is larger than a block. Waits until there is room. */
  async enter(chunk: Buffer): Promise<Block> {
    const taken = this.#placesOf(chunk);
    while (this.#left + this.#free.length < taken) await this.#vacancy.promise;
    const used = this.#free.splice(-taken);
    this.#left -= taken - used.length;
    if (chunk.length > blockBytes) return { bytes: chunk, filled: chunk.length };
    return { bytes: used[0] ?? Buffer.allocUnsafeSlow(blockBytes), filled: 0 };
  }

  leave({ bytes }: Block): void {
    if (bytes.length === blockBytes) this.#free.push(bytes);
    else this.#left += this.#placesOf(bytes);
    this.#vacancy.resolve();
    this.#vacancy = Promise.withResolvers();
  }

  #placesOf({ length }: Buffer): number {
    return Math.min(this.#places, Math.max(1, Math.ceil(length / blockBytes)));
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

  /**
   * Copies a chunk in, when there is room; one that is larger than a block is kept as it is. What nobody will read any more
   * is dropped.
   */
  async push(chunk: Buffer): Promise<void> {
    if (this.#abandoned) return;
    let block = this.#blocks.at(-1);
    if (block === undefined || block.filled + chunk.length > block.bytes.length) {
      block = await this.#room.enter(chunk);
      if (this.#abandoned) return this.#room.leave(block);
      this.#blocks.push(block);
    }
    if (block.bytes !== chunk) block.filled += chunk.copy(block.bytes, block.filled);
    this.#changed();
  }

  end(): void {
    this.#ended = true;
    this.#changed();
  }

  /** The chunks, joined. Each is the reader's until it asks for the next: then its memory is used again. */
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
