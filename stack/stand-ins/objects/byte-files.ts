import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, opendir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { S3Error } from './errors.ts';

/** A file of the store that holds bytes of an object, or one part of them. */
export interface Stretch {
  file: string;
  sizeBytes: number;
}

/** What is read of one file, both ends counted in. */
interface Cut {
  file: string;
  start: number;
  end: number;
}

/**
 * The bytes of all objects, in files with names of their own: a key never becomes a path. A file is written under
 * `incoming`, brought to the disk, then renamed, and never changed again.
 */
export class ByteFiles {
  #incoming: string;
  #kept: string;
  /** Readers of a file; while there is one, a removal waits. */
  #readers = new Map<string, number>();
  #doomed = new Set<string>();

  constructor(folder: string) {
    this.#incoming = join(folder, 'incoming');
    this.#kept = join(folder, 'bytes');
    for (const path of [this.#incoming, this.#kept]) mkdirSync(path, { recursive: true });
  }

  /** Stores the bytes; on an error nothing of them is left. */
  async write(chunks: AsyncIterable<Buffer>): Promise<Stretch> {
    const file = randomUUID();
    const path = join(this.#incoming, file);
    let sizeBytes = 0;
    try {
      const handle = await open(path, 'wx', 0o600);
      try {
        // A piece is hashed by its source while the one before it is written: that halves the time of a large upload.
        let written: Promise<void> = Promise.resolve();
        for await (const piece of chunks) {
          await written;
          sizeBytes += piece.length;
          written = writeAll(handle, piece);
          written.catch(() => undefined);
        }
        await written;
        await handle.datasync();
      } finally {
        await handle.close();
      }
      await rename(path, this.#path(file));
      return { file, sizeBytes };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /**
   * The bytes from `first` to `last`, both counted in, over all stretches. The files are held from this call on until
   * the stream is closed, so an object that is deleted meanwhile is still read to its end. The first file is open
   * when this returns: one that is missing is an error before an answer has begun.
   */
  async read(stretches: readonly Stretch[], first: number, last: number): Promise<Readable> {
    const wanted = cut(stretches, first, last);
    this.#hold(wanted);
    try {
      const [opened, ...others] = wanted;
      if (!opened) return Readable.from([]);
      const begin = await this.#open(opened);
      const stream = others.length === 0 ? begin : Readable.from(this.#pieces(begin, others), { objectMode: false });
      return stream.once('close', () => {
        this.#release(wanted);
        // Whoever closes the stream before its first byte was read leaves this one open.
        begin.destroy();
      });
    } catch {
      this.#release(wanted);
      throw new S3Error('InternalError', 'The bytes of the object are missing from the disk.');
    }
  }

  /** Deletes files once nobody reads them. One that resists stays until the store is opened next: nothing refers to it. */
  async remove(stretches: readonly Pick<Stretch, 'file'>[]): Promise<void> {
    for (const { file } of stretches) {
      if (this.#readers.has(file)) this.#doomed.add(file);
      else await rm(this.#path(file), { force: true }).catch(() => undefined);
    }
  }

  /** Deletes what a crash left: everything under `incoming`, and kept files that `isKnown` does not know. */
  async sweep(isKnown: (file: string) => boolean): Promise<void> {
    for await (const { name } of await opendir(this.#incoming)) await rm(join(this.#incoming, name), { force: true });
    for await (const { name } of await opendir(this.#kept)) if (!isKnown(name)) await this.remove([{ file: name }]);
  }

  async *#pieces(begin: Readable, others: readonly Cut[]): AsyncGenerator<Buffer> {
    yield* begin as AsyncIterable<Buffer>;
    for (const other of others) yield* (await this.#open(other)) as AsyncIterable<Buffer>;
  }

  async #open({ file, start, end }: Cut): Promise<Readable> {
    const handle = await open(this.#path(file), 'r');
    return handle.createReadStream({ start, end, highWaterMark: 256 * 1024 });
  }

  #hold(stretches: readonly Pick<Stretch, 'file'>[]): void {
    for (const { file } of stretches) this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
  }

  #release(stretches: readonly Pick<Stretch, 'file'>[]): void {
    for (const { file } of stretches) {
      const readers = (this.#readers.get(file) ?? 1) - 1;
      if (readers > 0) this.#readers.set(file, readers);
      else this.#readers.delete(file);
      if (readers === 0 && this.#doomed.delete(file)) void rm(this.#path(file), { force: true }).catch(() => undefined);
    }
  }

  #path(file: string): string {
    return join(this.#kept, file);
  }
}

function cut(stretches: readonly Stretch[], first: number, last: number): Cut[] {
  const wanted: Cut[] = [];
  let offset = 0;
  for (const { file, sizeBytes } of stretches) {
    const start = Math.max(first - offset, 0);
    const end = Math.min(last - offset, sizeBytes - 1);
    if (start <= end) wanted.push({ file, start, end });
    offset += sizeBytes;
  }
  return wanted;
}

async function writeAll(handle: FileHandle, piece: Buffer): Promise<void> {
  for (let offset = 0; offset < piece.length;) {
    offset += (await handle.write(piece, offset)).bytesWritten;
  }
}
