import { open, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { DrillError, messageOf } from '../../domain/drill-error.ts';
import type { SearchFile } from '../../domain/service.ts';

/** All files below `folder`, which is below `dataFolder`; empty when there is no such folder. */
export async function listDataFiles(dataFolder: string, folder: string): Promise<SearchFile[]> {
  const entries = await readdir(join(dataFolder, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(
    files.sort().map(async (file) => ({ path: relative(dataFolder, file), sizeBytes: (await stat(file)).size })),
  );
}

/** Streams a file below `dataFolder`. Throws `tool-failed` when it cannot be opened. */
export async function readDataFile(dataFolder: string, path: string): Promise<Readable> {
  const handle = await open(join(dataFolder, path)).catch((cause: unknown) => {
    throw new DrillError({
      code: 'tool-failed',
      service: 'search',
      what: 'a file of the search server cannot be read',
      expected: 'a file that it wrote',
      actual: messageOf(cause),
      where: path,
      cause,
    });
  });
  return handle.createReadStream();
}

/** Writes over the beginning of a file in place, as a fault of the disk does: the file stays the one that is open. */
export async function overwriteDataFile(dataFolder: string, path: string, content: Buffer): Promise<void> {
  await using handle = await open(join(dataFolder, path), 'r+');
  await handle.write(content, 0, content.length, 0);
  await handle.sync();
}
