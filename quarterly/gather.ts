import { resolve } from 'node:path';
import { ledgerPaths } from '../evidence/ledger-paths.ts';
import { readPeriod, type PeriodRun } from '../evidence/ledger-period.ts';
import { verifyLedger } from '../evidence/verify-ledger.ts';
import { readFindings } from './findings.ts';
import type { MissingRecord, PlannedDrill, QuarterInputs, RecordFacts } from './inputs.ts';
import type { Period } from './period.ts';
import { readRecordFacts } from './read-record.ts';
import { begunAt, outcomeOf } from './runs.ts';
import { updateFindings, type RegisterChange } from './update-findings.ts';

interface Sources {
  period: Period;
  now: Date;
  firedrill: string;
  programme: PlannedDrill[];
  /** Folder of the ledger. */
  ledger: string;
  /** File of the register of findings; it need not be there. */
  findings: string;
  retentionYears: number;
}

/**
 * Reads what a report rests on: the ledger, verified; the records of the period, from the folders that the ledger
 * names; of each drill the record of its last green run before it; the register of findings, brought up to date with
 * every run since the beginning of the period. Writes nothing. A `DrillError` (`usage`) when there is no ledger.
 */
export async function gatherQuarter(
  sources: Sources,
): Promise<{ inputs: QuarterInputs; change: Omit<RegisterChange, 'register'> }> {
  const { period, now, firedrill, programme, retentionYears } = sources;
  const paths = ledgerPaths(sources.ledger);
  const verification = await verifyLedger(paths);
  const { headAtStart, headAtEnd, keys } = await readPeriod(paths, period);
  const always = await readPeriod(paths, { from: new Date(0), to: new Date(8.64e15) });
  const runs = always.runs.filter((run) => begunAt(run) < period.to);
  const since = always.runs.filter((run) => begunAt(run) >= period.from);
  const { records, missing } = await readRecords(sources.ledger, [...lastGreens(runs, period), ...since]);
  const before = await readFindings(sources.findings);
  const { register, ...change } = updateFindings(before, since, { records, programme });
  const beganAt = always.keys[0]?.since;
  const inputs: QuarterInputs = {
    period,
    now,
    firedrill,
    programme,
    ledger: {
      runs,
      ...(beganAt !== undefined && { beganAt }),
      ...(headAtStart && { headAtStart }),
      ...(headAtEnd && { headAtEnd }),
      keys,
      verification,
    },
    records,
    missingRecords: missing,
    register,
    retentionYears,
  };
  return { inputs, change };
}

/** Of each drill the last green run before the period: what is known of a store that the period has not restored. */
function lastGreens(runs: readonly PeriodRun[], { from }: Period): PeriodRun[] {
  const greens = runs.filter((run) => begunAt(run) < from && outcomeOf(run) === 'green');
  return [...new Map(greens.map((run) => [`${run.run.runbook.name} ${run.run.drill}`, run])).values()];
}

/** One after the other, so that of thousands of records only the facts are in memory. */
async function readRecords(
  ledger: string,
  runs: readonly PeriodRun[],
): Promise<{ records: Map<number, RecordFacts>; missing: MissingRecord[] }> {
  const records = new Map<number, RecordFacts>();
  const missing: MissingRecord[] = [];
  for (const { run, end } of runs) {
    // Without figures the run left no record, and the ledger says why.
    if (!end?.figures) continue;
    const facts = await readRecordFacts(resolve(ledger, run.folder), run, end);
    if ('why' in facts) missing.push({ run: run.number, folder: run.folder, why: facts.why });
    else records.set(run.number, facts);
  }
  return { records, missing };
}
