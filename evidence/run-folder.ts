import { readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runFiles, sealFiles } from '../domain/evidence.ts';
import type { LedgerRun } from '../domain/ledger.ts';
import { makeFolder, removeEmpty } from '../files/make-folder.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { inUse, notUsable } from './usable-folder.ts';

/** A folder that belongs to one run. */
export interface ClaimedFolder {
  /** Gives it back: nothing of the claim is left. For a run that did not get its number. */
  release(): Promise<void>;
}

/**
 * Makes the folder of a run and puts the run's id in it (`run.json`), before the run has a number. Of several runs that ask for
 * one folder at once, one gets it. A `DrillError` (`usage`) when it holds something already, or cannot be written into.
 */
export async function claimRunFolder(
  directory: string,
  { runId, startedAt }: Pick<LedgerRun, 'runId' | 'startedAt'>,
): Promise<ClaimedFolder> {
  const path = resolve(directory);
  const claim = join(path, runFiles.claim);
  const made = await attempt(path, () => makeFolder(path));
  const before = await attempt(path, () => readdir(path));
  if (before.length > 0) throw inUse(path, '--out', before);
  const text = `${JSON.stringify({ schemaVersion: 1, runId, startedAt })}\n`;
  const release = async (): Promise<void> => {
    await rm(claim, { force: true });
    await removeEmpty(made);
  };
  try {
    await writeFile(claim, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw inUse(path, '--out', [runFiles.claim]);
    await release();
    throw notUsable(path, '--out', error);
  }
  return { release };
}

/** The run that a folder belongs to, by what lies there; `undefined` when nothing of it names one. */
export async function ownerOf(directory: string): Promise<string | undefined> {
  for (const name of [runFiles.claim, sealFiles.manifest, runFiles.record]) {
    const runId = runIdIn(await readIfThere(join(directory, name)));
    if (runId !== undefined) return runId;
  }
  return undefined;
}

function runIdIn(bytes: Buffer | undefined): string | undefined {
  try {
    const { runId } = JSON.parse(bytes?.toString('utf8') ?? '{}') as { runId?: unknown };
    return typeof runId === 'string' ? runId : undefined;
  } catch {
    // Torn or somebody else's: it names nobody.
    return undefined;
  }
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw notUsable(path, '--out', error);
  }
}
