import { mkdir, rmdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with all above it that are missing, and gives those that it made, outermost first. Throws the error of
 * the file system, with nothing made, where that cannot be done. Not `mkdir` of Node with `recursive`: that one never
 * ends where the system says of a new folder that the one above it is missing, as under /proc.
 */
export async function makeFolder(folder: string): Promise<string[]> {
  const made: string[] = [];
  try {
    for (const one of await missingOf(resolve(folder))) if (await makeOne(one)) made.push(one);
    return made;
  } catch (error) {
    await removeEmpty(made);
    throw error;
  }
}

/** Takes folders away again that `makeFolder` has made; one that somebody uses by now stays, with those above it. */
export async function removeEmpty(made: readonly string[]): Promise<void> {
  for (const one of made.toReversed()) {
    try {
      await rmdir(one);
    } catch {
      return;
    }
  }
}

/** What is missing of a path, outermost first. */
async function missingOf(folder: string): Promise<string[]> {
  const missing: string[] = [];
  let at = folder;
  while (!(await isThere(at))) {
    missing.unshift(at);
    at = dirname(at);
  }
  if (!(await stat(at)).isDirectory()) throw notAFolder(at);
  return missing;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

async function makeOne(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    // Another process may have been faster; a link that leads nowhere is no folder.
    const isFolder = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && isFolder) return false;
    throw error;
  }
}

function notAFolder(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`ENOTDIR: not a directory, '${path}'`), { code: 'ENOTDIR', path });
}
