import { readFile } from 'node:fs/promises';

/** A file's bytes; `undefined` where there is no such file. One that is there and cannot be read throws. */
export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
