import { open, type FileHandle } from 'node:fs/promises';

/** The end of a file of lines. */
export interface Tail {
  /** The last line that has a line end, without it; absent in an empty file. */
  last?: string;
  /** Size up to and with the last line end. */
  wholeBytes: number;
  /** Bytes after the last line end: a line that was not written to its end. */
  torn: Buffer;
}

const lineEnd = 0x0a;

/** Reads the end of a file of lines, in blocks from its end, so that the size of the file does not matter. */
export async function readTail(file: string): Promise<Tail> {
  const lines = linesFromEnd(file);
  try {
    const first = await lines.next();
    const torn = first.done === true ? Buffer.alloc(0) : first.value.bytes;
    const wholeBytes = first.done === true ? 0 : first.value.offset;
    const second = await lines.next();
    return { wholeBytes, torn, ...(second.done !== true && { last: second.value.bytes.toString('utf8') }) };
  } finally {
    await lines.return(undefined);
  }
}

/**
 * The lines of a file from the last to the first, each with the place at which it begins. The first one given is what
 * stands after the last line end: nothing, in a file that is whole. A file that does not exist has no lines.
 */
export async function* linesFromEnd(
  file: string,
  blockBytes = 65_536,
): AsyncGenerator<{ bytes: Buffer; offset: number }, undefined> {
  const handle = await openIfThere(file);
  if (!handle) return undefined;
  try {
    let from = (await handle.stat()).size;
    let rest: Buffer = Buffer.alloc(0);
    while (from > 0) {
      const sizeBytes = Math.min(blockBytes, from);
      from -= sizeBytes;
      const block = Buffer.alloc(sizeBytes);
      await handle.read(block, 0, sizeBytes, from);
      rest = Buffer.concat([block, rest]);
      for (let end = rest.lastIndexOf(lineEnd); end >= 0; end = rest.lastIndexOf(lineEnd)) {
        yield { bytes: rest.subarray(end + 1), offset: from + end + 1 };
        rest = rest.subarray(0, end);
      }
    }
    yield { bytes: rest, offset: 0 };
  } finally {
    await handle.close();
  }
  return undefined;
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
