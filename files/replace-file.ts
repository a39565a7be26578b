import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { removeOnExit } from './remove-on-exit.ts';

/**
 * Puts a file in its place at once, on the disk: a crash leaves the one of before or the new one, whole. `mode` is that
 * of the new file before the umask. Known packages for this write once and rename whatever came of it, which puts a
 * truncated file in place where the disk is full; here every byte is written or the error is thrown.
 */
export async function replaceFile(file: string, data: string | Uint8Array, mode = 0o666): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  const forget = removeOnExit(temporary);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
    forget();
  }
}
