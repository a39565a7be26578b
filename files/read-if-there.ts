import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * A file's bytes; `undefined` where there is no such file. One that is there and cannot be read throws, and so does what is
 * no file: who reads a pipe that somebody has left there would wait for ever.
 */
export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      if (!found.isFile() && !found.isDirectory()) throw new Error(`it is no plain file: '${file}'`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
