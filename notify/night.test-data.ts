import type { NightlySummary, SummaryRow } from '../domain/nightly.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';

/** A night of one drill that ended so; members of its row are given, `undefined` takes one away. */
export function night(
  verdict: ApplicableVerdict,
  given: { [K in keyof SummaryRow]?: SummaryRow[K] | undefined } = {},
): NightlySummary {
  const row = {
    drill: 'loss',
    source: 'here',
    verdict,
    runId: 'loss-1',
    state: 'finished',
    startedAt: '2026-11-21T02:00:00.000Z',
    durationMs: 24_500,
    engine: 'native',
    rows: 100,
    rto: { totalMs: 5_100, targetMs: 7_200_000, verdict: 'pass' },
    rpo: [{ store: 'postgres', measuredMs: 3_200, targetMs: 900_000, lostWrites: 2, verdict: 'pass' }],
    controls: { caught: 17, planned: 17 },
    ...given,
  };
  return {
    schemaVersion: 1,
    createdAt: '2026-11-21T02:00:00.000Z',
    verdict,
    runsMs: 24_500,
    rows: [JSON.parse(JSON.stringify(row)) as SummaryRow],
    flaky: [],
    notDue: [],
    lots: [],
    reminders: [],
    gaps: [],
    unreadable: [],
  };
}
