import type { NightlySummary, RunFact, SummaryRow } from '../domain/nightly.ts';
import { mergeVerdicts } from '../domain/verdict.ts';
import { flakinessOf, isSameSource } from './flakiness.ts';
import type { NightlyPlan } from './plan.ts';

/** The summary of a night: what was planned, what came of it, and what all known runs say about flakiness. */
export function summarise({
  plan,
  rows,
  runs,
  unreadable,
}: {
  plan: NightlyPlan;
  rows: readonly SummaryRow[];
  /** Every run that is known, those of this night included. */
  runs: readonly RunFact[];
  unreadable: readonly string[];
}): NightlySummary {
  const { at, shard, entries, lots, reminders, gaps } = plan;
  return {
    schemaVersion: 1,
    createdAt: at,
    ...(shard && { shard }),
    ...judged(rows, flakinessOf(runs)),
    notDue: entries
      .filter(({ reasons }) => reasons.length === 0)
      .map(({ name, lastGreenAt, nextDueAt }) => ({
        drill: name,
        ...(lastGreenAt !== undefined && { lastGreenAt }),
        ...(nextDueAt !== undefined && { nextDueAt }),
      })),
    lots,
    reminders,
    gaps,
    unreadable: [...unreadable],
  };
}

/** Verdict, total and rows, each marked where its drill is flaky on the revision that it ran on. */
export function judged(
  rows: readonly SummaryRow[],
  flaky: readonly NightlySummary['flaky'][number][],
): Pick<NightlySummary, 'verdict' | 'runsMs' | 'rows' | 'flaky'> {
  const marked = rows.map((row) => {
    const found = flaky.find((one) => one.drill === row.drill && one.engine === row.engine && isSameSource(one, row));
    return found && row.sabotage === undefined && !row.quick ? { ...row, flaky: found } : row;
  });
  return {
    ...(rows.length > 0 && { verdict: mergeVerdicts(rows.map(({ verdict }) => verdict)) }),
    runsMs: rows.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0),
    rows: marked,
    flaky: [...flaky],
  };
}
