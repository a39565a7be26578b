import type { PeriodRun } from '../evidence/ledger-period.ts';
import { daysBetween } from '../quarterly/period.ts';
import { begunAt, isOfSystem, outcomeOf } from '../quarterly/runs.ts';

/** The runs of a scenario, newest first; those that were sabotaged or quick say nothing of it and are left out. */
export function runsOf(
  { runbook, drill }: { runbook: string; drill: string },
  runs: readonly PeriodRun[],
): PeriodRun[] {
  return runs
    .filter(({ run }) => run.drill === drill && run.runbook.name === runbook)
    .filter((run) => isOfSystem(outcomeOf(run)))
    .toReversed();
}

/** The newest green run. */
export function lastGreenOf(newestFirst: readonly PeriodRun[]): PeriodRun | undefined {
  return newestFirst.find((run) => outcomeOf(run) === 'green');
}

/** Whole days since a run began; none where its clock was ahead of this one. */
export function daysSince(run: PeriodRun, now: Date): number {
  return Math.max(0, daysBetween(begunAt(run), now));
}
