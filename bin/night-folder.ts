import { join, resolve } from 'node:path';
import { systemClock } from '../domain/clock.ts';
import { requireUnused } from '../evidence/usable-folder.ts';
import { linkNewest, reportsFolder } from '../harness/reports-folder.ts';
import { makeFolder } from '../files/make-folder.ts';

/** Folder for the reports of several drills: the one that was asked for, else a new one of that kind. */
export function nightFolder(kind: string, out: string | undefined): string {
  const instant = systemClock.now().toISOString().replaceAll(/[:.]/g, '-');
  return resolve(out ?? join(reportsFolder, `${kind}-${instant}`));
}

/**
 * Makes the folder for the runs of several drills, before the first of them: `nightFolder`, new or empty, or a `DrillError`
 * (`usage`). Without `--out` the link `latest-<kind>` beside it leads to it.
 */
export async function newNightFolder(kind: string, out: string | undefined): Promise<string> {
  const folder = nightFolder(kind, out);
  await requireUnused(folder, '--out');
  await makeFolder(folder);
  if (out === undefined) await linkNewest(folder, `latest-${kind}`, (line) => process.stderr.write(`${line}\n`));
  return folder;
}
