import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../domain/clock.ts';
import type { BegunEntry, LedgerEnd, LedgerRun, RunFigures } from '../domain/ledger.ts';
import type { DrillRecord } from '../domain/record.ts';
import { Ledger, type NewRun } from './ledger.ts';
import { sealRun } from './seal.ts';
import type { Signer } from './signer.ts';

/** A run that has its number and must be closed. */
export interface RunEvidence {
  readonly number: number;
  /** Seals the folder and closes the run with its record; files of `except` will be removed and are not sealed. */
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
 * Gives a run its number in the ledger of a folder, before anything is started. Earlier runs that have died are closed
 * as aborted, with what they have left.
 */
export async function beginEvidence(
  ledgerFolder: string,
  run: NewRun,
  surroundings: Surroundings,
): Promise<RunEvidence> {
  const ledger = new Ledger(ledgerFolder, surroundings);
  const numbered = await ledger.begin(run, (entry, signer) => abortedEnd(ledgerFolder, entry, signer));
  return {
    number: numbered.number,
    close: async (record, except = []) => {
      await ledger.close(numbered, (signer) => recordedEnd(run.directory, numbered, { record, except }, signer));
    },
    fail: async (reason) => {
      await ledger.close(numbered, (signer) =>
        endWithoutRecord(run.directory, numbered, { state: 'failed', reason }, signer),
      );
    },
  };
}

async function recordedEnd(
  directory: string,
  run: LedgerRun,
  { record, except }: { record: DrillRecord; except: readonly string[] },
  signer: Signer,
): Promise<LedgerEnd> {
  const { finishedAt } = record;
  // A record that still says so belongs to a process that died.
  const hasDied = record.state === 'running';
  const verdict = hasDied ? 'inconclusive' : record.verdict;
  const seal = await sealRun(directory, { run, verdict, record, except }, signer);
  return {
    state: record.state === 'running' ? 'aborted' : record.state,
    verdict,
    ...(finishedAt !== undefined && { finishedAt }),
    figures: figuresOf(record),
    seal,
    ...(hasDied && { reason: 'the process that ran the drill ended without closing its record' }),
  };
}

async function abortedEnd(ledgerFolder: string, { run, holder }: BegunEntry, signer: Signer): Promise<LedgerEnd> {
  const reason = `process ${holder.pid} on ${holder.host} ended without closing the run`;
  return endWithoutRecord(resolve(ledgerFolder, run.folder), run, { state: 'aborted', reason }, signer);
}

async function endWithoutRecord(
  directory: string,
  run: LedgerRun,
  { state, reason }: { state: 'aborted' | 'failed'; reason: string },
  signer: Signer,
): Promise<LedgerEnd> {
  const verdict = 'inconclusive';
  if (!existsSync(directory)) return { state, verdict, reason: `${reason}; it left no folder` };
  return { state, verdict, reason, seal: await sealRun(directory, { run, verdict }, signer) };
}

/** The figures of a record that the ledger keeps, in whole milliseconds. */
export function figuresOf({ durationMs, rto, rpo, controls, scope, sabotage }: DrillRecord): RunFigures {
  return {
    durationMs: Math.round(durationMs),
    ...(rto && { rtoMs: Math.round(rto.totalMs), rtoTargetMs: rto.targetMs }),
    rpo: rpo.map(({ store, measuredMs, targetMs, verdict }) => ({
      store,
      ...(measuredMs !== undefined && { measuredMs: Math.round(measuredMs) }),
      targetMs,
      verdict,
    })),
    controls: { planned: controls.length, caught: controls.filter(({ caught }) => caught).length },
    criteriaSha256: scope.criteriaSha256,
    ...(sabotage !== undefined && { sabotage }),
  };
}
