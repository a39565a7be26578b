import { open, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';

/** Puts a file in its place at once, on the disk: a crash leaves the one of before or the new one, whole. */
export async function replaceFile(file: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
