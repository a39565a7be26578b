import { randomUUID } from 'node:crypto';
import { open, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import { makeFolder, removeEmpty } from '../files/make-folder.ts';

/**
 * Makes sure, before any work is done for it, that files can be written into a folder, which need not be there yet.
 * Leaves nothing. Tried and not asked: rights alone say nothing of a read-only mount, a full disk or /proc. A
 * `DrillError` (`usage`) names the option, e.g. `--out`.
 */
export async function requireWritable(folder: string, option: string): Promise<void> {
  const path = resolve(folder);
  try {
    const made = await makeFolder(path);
    try {
      await writeProbe(path);
    } finally {
      await removeEmpty(made);
    }
  } catch (error) {
    throw notUsable(path, option, error);
  }
}

/** As `requireWritable`, and that it is new or empty: a `DrillError` (`usage`) says what is there. */
export async function requireUnused(folder: string, option: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length > 0) throw inUse(resolve(folder), option, names);
  await requireWritable(folder, option);
}

/** A folder cannot be written into. */
export function notUsable(where: string, option: string, cause: unknown): DrillError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  return new DrillError({
    code: 'usage',
    what: `${option} cannot be used`,
    expected: 'a folder that can be made and written into',
    actual: reasons[code] ?? messageOf(cause),
    where,
    cause,
  });
}

/** A folder holds something already. */
export function inUse(where: string, option: string, names: readonly string[]): DrillError {
  const shown = names.toSorted().slice(0, 3).join(', ');
  return new DrillError({
    code: 'usage',
    what: `${option} is a folder that holds something already`,
    expected: 'a new or an empty folder, so that no report is overwritten',
    actual: names.length > 3 ? `${shown} and ${names.length - 3} more` : shown,
    where,
    hint: 'Without --out every run gets a folder of its own below reports/out, and reports/out/latest leads to the newest.',
  });
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'something there that is no folder',
  ENOTDIR: 'a file where a folder should be',
  EROFS: 'a file system that is read-only',
  EACCES: 'no right to write there',
  EPERM: 'no right to write there',
  ENOENT: 'a place where no folder can be made',
  ENOSPC: 'no room on the device',
  EDQUOT: 'no room within the quota',
};

async function writeProbe(folder: string): Promise<void> {
  const file = join(folder, `.firedrill-${randomUUID()}.tmp`);
  try {
    const handle = await open(file, 'wx');
    try {
      // Where the disk is full a file can be made, and holds nothing.
      await handle.writeFile('probe');
      await handle.sync();
    } finally {
      await handle.close();
    }
  } finally {
    await rm(file, { force: true });
  }
}
