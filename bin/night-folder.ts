import { join, resolve } from 'node:path';
import { systemClock } from '../domain/clock.ts';
import { projectFolder } from '../harness/project.ts';

/** Where the reports of runs are kept without `--out`. */
export const reportsFolder = join(projectFolder, 'reports', 'out');

/** Folder for the reports of several drills: the one that was asked for, else a new one of that kind. */
export function nightFolder(kind: string, out: string | undefined): string {
  const instant = systemClock.now().toISOString().replaceAll(/[:.]/g, '-');
  return resolve(out ?? join(reportsFolder, `${kind}-${instant}`));
}
