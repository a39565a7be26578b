import { randomUUID } from 'node:crypto';
import { rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../domain/drill-error.ts';
import { projectFolder } from './project.ts';

/** Where the reports of runs are kept without `--out`. */
export const reportsFolder = join(projectFolder, 'reports', 'out');

/**
 * Lets a link of that name beside a folder lead to it, in place of where it led before: a fixed path to the newest run, for CI. Where
 * there can be no link, that is said and nothing else follows from it.
 */
export async function linkNewest(folder: string, name: string, say: (line: string) => void): Promise<void> {
  const link = join(dirname(folder), name);
  const temporary = `${link}.${randomUUID()}.tmp`;
  try {
    await symlink(basename(folder), temporary, 'dir');
    await rename(temporary, link);
  } catch (error) {
    await rm(temporary, { force: true });
    say(`firedrill: ${link} does not lead to this run: ${messageOf(error)}`);
  }
}
