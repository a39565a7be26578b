import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { runFiles, sealFiles } from '../domain/evidence.ts';
import { messageOf } from '../domain/drill-error.ts';
import type { Seal } from '../domain/ledger.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { digestFile, sha256 } from './digest.ts';
import { readPeriod, type PeriodRun } from './ledger-period.ts';
import type { LedgerPaths } from './ledger-paths.ts';
import { readManifest } from './manifest.ts';
import type { Verification } from './problem.ts';
import type { VerifyOptions } from './verify-ledger.ts';

const always = { from: new Date(0), to: new Date(8.64e15) };

/**
 * Verifies a ledger and looks at the folder of each of its runs: its manifest and its record must be those that were sealed.
 * Runs without a seal are told with the reason; folders that are not here, since a ledger may be kept apart from them, too.
 */
export async function verifyLedgerAndFolders(paths: LedgerPaths, options: VerifyOptions = {}): Promise<Verification> {
  const { runs, verification } = await readPeriod(paths, always, options);
  const { problems, checked, notChecked } = verification;
  const result: Verification = { problems: [...problems], checked: [...checked], notChecked: [...notChecked] };
  const absent: number[] = [];
  let seen = 0;
  for (const one of runs) {
    const { run, end } = one;
    const directory = resolve(dirname(paths.ledger), run.folder);
    if (!end?.seal) result.notChecked.push(`run ${run.number} (${run.runId}), which has no seal: ${whyUnsealed(one)}`);
    else if (!existsSync(directory)) absent.push(run.number);
    else {
      seen += 1;
      const wrong = await wrongIn(directory, end.seal);
      if (wrong) result.problems.push({ ...wrong, what: `${wrong.what}; run ${run.number} (${run.runId})` });
    }
  }
  if (seen > 0) result.checked.push(`manifest and record of ${seen} runs against their seals`);
  if (absent.length > 0) result.notChecked.push(`folders of runs that are not here: ${absent.join(', ')}`);
  return result;
}

/** Why a run has no seal, as the ledger has it. */
export function whyUnsealed({ end }: PeriodRun): string {
  if (!end) return 'it has no end: it still goes on, or it has died, and `firedrill clean` closes it';
  return end.reason ?? 'nobody knows why';
}

async function wrongIn(directory: string, seal: Seal): Promise<{ where: string; what: string } | undefined> {
  const where = join(directory, sealFiles.manifest);
  try {
    const bytes = await readIfThere(where);
    if (!bytes) return { where, what: 'it is missing' };
    const manifest = readManifest(bytes.toString('utf8'));
    if (sha256(bytes) !== seal.manifestSha256) {
      const other = manifest ? `, it is of run ${manifest.number} (${manifest.runId})` : '';
      return { where, what: `it is not the one that the ledger names${other}` };
    }
    const record = manifest?.artefacts.find(({ path }) => path === runFiles.record);
    if (!record) return undefined;
    const file = join(directory, runFiles.record);
    if (!existsSync(file)) return { where: file, what: 'it is missing' };
    const { sizeBytes, sha256: now } = await digestFile(file);
    if (now === record.sha256) return undefined;
    return { where: file, what: `it was changed: sealed with ${record.sizeBytes} bytes, now ${sizeBytes}` };
  } catch (error) {
    return { where: directory, what: `it cannot be read: ${messageOf(error)}` };
  }
}
