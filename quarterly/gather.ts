import { resolve } from 'node:path';
import pLimit from 'p-limit';
import { ledgerPaths } from '../evidence/ledger-paths.ts';
import { readPeriod, type PeriodRun } from '../evidence/ledger-period.ts';
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
  /** May still be on its way: it is wanted last. */
  programme: PlannedDrill[] | Promise<PlannedDrill[]>;
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
  const { period, now, firedrill, retentionYears } = sources;
  const { runs: all, ...ledger } = await readPeriod(ledgerPaths(sources.ledger), period);
  const runs = all.filter((run) => begunAt(run) < period.to);
  const since = all.filter((run) => begunAt(run) >= period.from);
  const { records, missing } = await readRecords(sources.ledger, [...lastGreens(runs, period), ...since]);
  const before = await readFindings(sources.findings);
  const programme = await sources.programme;
  const { register, ...change } = updateFindings(before, since, { records, programme });
  const inputs: QuarterInputs = {
    period,
    now,
    firedrill,
    programme,
    ledger: { ...ledger, runs },
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

/** So many records are in memory at once; of the others only their facts. Enough that the disk is not waited for. */
const atOnce = 4;

async function readRecords(
  ledger: string,
  runs: readonly PeriodRun[],
): Promise<{ records: Map<number, RecordFacts>; missing: MissingRecord[] }> {
  // Without figures the run left no record, and the ledger says why.
  const recorded = runs.flatMap(({ run, end }) => (end?.figures ? [{ run, end }] : []));
  const read = await pLimit(atOnce).map(recorded, async ({ run, end }) => {
    return { run, facts: await readRecordFacts(resolve(ledger, run.folder), run, end) };
  });
  const records = new Map<number, RecordFacts>();
  const missing: MissingRecord[] = [];
  for (const { run, facts } of read) {
    if ('why' in facts) missing.push({ run: run.number, folder: run.folder, why: facts.why });
    else records.set(run.number, facts);
  }
  return { records, missing };
}
