import { stat } from 'node:fs/promises';
import { countControls } from '../domain/control-outcome.ts';
import { resolve } from 'node:path';
import type { Clock } from '../domain/clock.ts';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { BegunEntry, LedgerEnd, LedgerRun, RunFigures } from '../domain/ledger.ts';
import type { DrillRecord } from '../domain/record.ts';
import { mergeVerdicts } from '../domain/verdict.ts';
import { Ledger, type NewRun } from './ledger.ts';
import { claimRunFolder, ownerOf } from './run-folder.ts';
import { sealRun } from './seal.ts';
import type { Signer } from './signer.ts';

/** A run that has its number and must be closed. */
export interface RunEvidence {
  readonly number: number;
  /**
   * Seals the folder and closes the run with its record; files of `except` will be removed and are not sealed. Where it cannot
   * be sealed the run is closed all the same, never as a pass, and a `DrillError` (`not-sealed`) says why.
   */
  close(record: DrillRecord, except?: readonly string[]): Promise<void>;
  /** Closes a run that left no record: it did not come as far as that. */
  fail(reason: string): Promise<void>;
}

interface Surroundings {
  clock?: Clock;
  /** Is told what a person should know: a new key, a repair, a run that had died. */
  say: (line: string) => void;
}

/**
 * Gives a run its folder and its number in the ledger, before anything is started. The folder comes first: a run that cannot have
 * it takes no number (`DrillError` of code `usage`). Earlier runs that have died are closed as aborted, with what they have left.
 */
export async function beginEvidence(
  ledgerFolder: string,
  run: NewRun,
  surroundings: Surroundings,
): Promise<RunEvidence> {
  const { say } = surroundings;
  const ledger = new Ledger(ledgerFolder, surroundings);
  const claimed = await claimRunFolder(run.directory, run);
  let numbered: LedgerRun;
  try {
    numbered = await ledger.begin(run, (entry, signer) => endOfDead(ledgerFolder, entry, { signer, say }));
  } catch (error) {
    await claimed.release();
    throw error;
  }
  return {
    number: numbered.number,
    close: async (record, except = []) => {
      let problem: unknown;
      await ledger.close(numbered, async (signer) => {
        const { end, notSealed } = await recordedEnd(run.directory, numbered, { record, except, signer, say });
        problem = notSealed;
        return end;
      });
      if (problem !== undefined) throw notSealedError(run.directory, problem);
    },
    fail: async (reason) => {
      await ledger.close(numbered, async (signer) =>
        endWithoutRecord(run.directory, numbered, { state: 'failed', reason, signer, say }),
      );
    },
  };
}

/** Closes the runs of a ledger whose process is gone, as the next run would; none where there is no ledger. */
export async function closeDeadRuns(ledgerFolder: string, say: (line: string) => void): Promise<void> {
  const ledger = new Ledger(ledgerFolder, { say });
  await ledger.closeDead((entry, signer) => endOfDead(ledgerFolder, entry, { signer, say }));
}

/** How a run ended whose process is gone; its folder is sealed as it was left. */
async function endOfDead(
  ledgerFolder: string,
  { run, holder }: BegunEntry,
  { signer, say }: Sealing,
): Promise<LedgerEnd> {
  const reason = `process ${holder.pid} on ${holder.host} ended without closing the run`;
  return endWithoutRecord(resolve(ledgerFolder, run.folder), run, { state: 'aborted', reason, signer, say });
}

interface Sealing {
  signer: Signer;
  say: (line: string) => void;
}

async function recordedEnd(
  directory: string,
  run: LedgerRun,
  { record, except, ...sealing }: Sealing & { record: DrillRecord; except: readonly string[] },
): Promise<{ end: LedgerEnd; notSealed?: unknown }> {
  const { finishedAt } = record;
  // A record that still says so belongs to a process that died.
  const hasDied = record.state === 'running';
  const verdict = hasDied ? 'inconclusive' : record.verdict;
  const end = {
    state: record.state === 'running' ? ('aborted' as const) : record.state,
    verdict,
    ...(finishedAt !== undefined && { finishedAt }),
    figures: figuresOf(record),
    ...(hasDied && { reason: 'the process that ran the drill ended without closing its record' }),
  };
  try {
    return { end: { ...end, seal: await seal(directory, { run, verdict, record, except }, sealing) } };
  } catch (error) {
    // A record that nobody can vouch for later is no proof, whatever it says.
    const unproved = mergeVerdicts([verdict, 'inconclusive']);
    const reason = `its folder could not be sealed: ${messageOf(error)}`;
    return { end: { ...end, verdict: unproved, reason }, notSealed: error };
  }
}

/** What stands in the way of a seal and may be gone by the next run: such a run is left open. */
const passing: ReadonlySet<string> = new Set([
  'EACCES',
  'EBUSY',
  'EDQUOT',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOSPC',
  'EPERM',
  'EROFS',
]);

/** The end of a run that has left no record. Throws only where another attempt later may still seal what it has left. */
async function endWithoutRecord(
  directory: string,
  run: LedgerRun,
  { state, reason, ...sealing }: Sealing & { state: 'aborted' | 'failed'; reason: string },
): Promise<LedgerEnd> {
  const verdict = 'inconclusive';
  try {
    if (!(await isThere(directory))) return { state, verdict, reason: `${reason}; it left no folder` };
    return { state, verdict, reason, seal: await seal(directory, { run, verdict }, sealing) };
  } catch (error) {
    if (state === 'aborted' && passing.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return { state, verdict, reason: `${reason}; its folder could not be sealed: ${messageOf(error)}` };
  }
}

/** Seals a folder that is the run's own, and says what else lies in it. */
async function seal(
  directory: string,
  facts: Parameters<typeof sealRun>[1],
  { signer, say }: Sealing,
): Promise<NonNullable<LedgerEnd['seal']>> {
  const { number, runId } = facts.run;
  const owner = await ownerOf(directory);
  if (owner !== undefined && owner !== runId) throw ofAnother(directory, runId, owner);
  const { seal, foreign } = await sealRun(directory, facts, signer);
  if (foreign.length > 0) {
    say(`ledger: not sealed with run ${number}, which did not write it: ${foreign.join(', ')} (${directory})`);
  }
  return seal;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function ofAnother(where: string, expected: string, actual: string): DrillError {
  return new DrillError({
    code: 'internal',
    what: 'the folder belongs to another run',
    expected,
    actual,
    where,
  });
}

function notSealedError(where: string, cause: unknown): DrillError {
  return new DrillError({
    code: 'not-sealed',
    what: 'the run is closed in the ledger, and its folder could not be sealed',
    expected: 'a folder that can be read and written to the end of the run',
    actual: messageOf(cause),
    where,
    hint: 'A run that is not sealed proves nothing: it is kept as inconclusive, or as failed where it failed. Run the drill again.',
    cause,
  });
}

/** The figures of a record that the ledger keeps, in whole milliseconds. */
export function figuresOf(record: DrillRecord): RunFigures {
  const { durationMs, rto, rpo, controls, scope, sabotage, quick } = record;
  const { sourceSha256 } = record.environment;
  return {
    durationMs: Math.round(durationMs),
    ...(rto && { rtoMs: Math.round(rto.totalMs), rtoTargetMs: rto.targetMs }),
    rpo: rpo.map(({ store, measuredMs, targetMs, verdict }) => ({
      store,
      ...(measuredMs !== undefined && { measuredMs: Math.round(measuredMs) }),
      targetMs,
      verdict,
    })),
    controls: { planned: countControls(controls).applicable, caught: countControls(controls).caught },
    criteriaSha256: scope.criteriaSha256,
    ...(sourceSha256 !== undefined && { sourceSha256 }),
    ...(sabotage !== undefined && { sabotage }),
    ...(quick && { quick: true as const }),
  };
}
