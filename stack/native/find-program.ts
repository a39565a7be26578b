import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The full path of a program on PATH, or `undefined`. */
export async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of pathFolders()) {
    const file = join(folder, name);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

/** The folders of PATH, in their order. */
export function pathFolders(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

/** Whether the file is one that this user may execute. */
export async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** The folders in `parent` whose name fits, newest version first: `15` after `9`, `postgresql@17` before both. */
export async function versionedFolders(parent: string, name: RegExp): Promise<string[]> {
  const entries = await readdir(parent).catch(() => []);
  const version = (entry: string): number => Number(/(\d+(\.\d+)?)\D*$/.exec(entry)?.[1] ?? 0);
  return entries
    .filter((entry) => name.test(entry))
    .sort((one, other) => version(other) - version(one))
    .map((entry) => join(parent, entry));
}
