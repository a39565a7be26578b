import type { RealRuns } from './play.ts';

/** A run of the simulated quarter. */
export interface SimulatedRun {
  /** ISO 8601, UTC. */
  at: string;
  /** The real run that it is a copy of; `died`: a process took its number and ended without closing it. */
  of: keyof RealRuns | 'died';
  /** Whether it says that it was sabotaged, as the real red one does; without it is a failure. */
  sabotaged?: boolean;
  /** Letter of its git revision. */
  revision: string;
  /** Whether it has used the runbook of before the change. */
  oldRunbook?: boolean;
  drill?: { name: string; scenario: string };
}

/** First and last day of the quarter that is reported. */
export const quarter = { from: '2026-01-01', to: '2026-03-31' };

/** Numbers of the runs below whose stories the report has to tell. */
export const told = {
  before: 1,
  sabotaged: 4,
  failed: 6,
  retest: 7,
  interrupted: 12,
  withNewRunbook: 16,
  died: 17,
  flakyRed: 19,
  flakyGreen: 20,
  lastFailed: 31,
} as const;

const green = (day: string, revision: string, more: Partial<SimulatedRun> = {}): SimulatedRun => ({
  at: `2026-${day}T02:00:00.000Z`,
  of: 'green',
  revision,
  ...more,
});
const old = { oldRunbook: true };
const red = { of: 'red' } as const;

/**
 * Thirty-three runs, one of them from before the quarter: a failure that is mended and retested, one that passes again
 * though nothing was changed, one that nobody retests; a run that was interrupted, one that died, two that were
 * sabotaged on purpose; a change of the runbook in February.
 */
export const calendar: readonly SimulatedRun[] = [
  { ...green('01-01', 'a', old), at: '2025-12-18T02:00:00.000Z' },
  green('01-02', 'a', old),
  green('01-05', 'a', old),
  green('01-08', 'a', { ...old, ...red, sabotaged: true }),
  green('01-11', 'a', old),
  green('01-14', 'a', { ...old, ...red }),
  green('01-15', 'b', old),
  green('01-18', 'b', old),
  green('01-21', 'b', old),
  green('01-24', 'b', old),
  green('01-27', 'b', old),
  green('01-30', 'b', { ...old, of: 'interrupted' }),
  green('01-31', 'b', old),
  green('02-03', 'b', old),
  green('02-06', 'b', old),
  green('02-09', 'b'),
  green('02-12', 'b', { of: 'died', drill: { name: 'full-loss', scenario: 'full-loss' } }),
  green('02-13', 'c'),
  green('02-16', 'c', red),
  green('02-17', 'c'),
  ...['02-19', '02-22', '02-25', '02-28', '03-03', '03-06', '03-09', '03-12', '03-15', '03-18'].map((day) =>
    green(day, 'c'),
  ),
  green('03-20', 'd', red),
  green('03-23', 'd', { of: 'interrupted' }),
  green('03-26', 'd', { ...red, sabotaged: true }),
];
