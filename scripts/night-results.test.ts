import { expect, test } from 'vitest';
import type { NightlySummary, SummaryRow } from '../domain/nightly.ts';
import { nightResults } from './night-results.ts';

const green: SummaryRow = {
  drill: 'db-loss',
  source: 'shard-1',
  verdict: 'pass',
  runId: 'db-loss-1',
  state: 'finished',
  startedAt: '2026-11-21T02:00:00.000Z',
  durationMs: 60_000.4,
  engine: 'native',
  rows: 200,
  rto: { totalMs: 6_000, targetMs: 7_200_000, verdict: 'pass' },
  rpo: [{ store: 'postgres', targetMs: 1_800_000, lostWrites: 0, verdict: 'inconclusive' }],
  controls: { caught: 18, planned: 19 },
};

const summary = (changes: Partial<NightlySummary>): NightlySummary => ({
  schemaVersion: 1,
  createdAt: '2026-11-21T03:00:00.000Z',
  runsMs: 1,
  rows: [green],
  flaky: [],
  notDue: [],
  lots: [],
  reminders: [],
  gaps: [],
  unreadable: [],
  ...changes,
});

test('a row is a test with its verdict, what it was run with, and a step for each figure', () => {
  const [result, ...others] = nightResults([summary({})]);
  expect(others).toEqual([]);
  expect(result).toMatchObject({ name: 'Verdict of the drill', status: 'passed', start: 1_795_226_400_000 });
  expect(result?.stop).toBe((result?.start ?? 0) + 60_000);
  expect(result?.parameters).toContainEqual({ name: 'rows', value: '200', excluded: true });
  expect(result?.steps.map(({ name, status }) => `${name}: ${status}`)).toEqual([
    'RTO 6s of 2h: passed',
    'RPO of postgres not measured of 30m: broken',
    'controls caught 18 of 19: failed',
  ]);
});

test.for<[string, Partial<SummaryRow>, string]>([
  ['red', { verdict: 'fail' }, 'failed'],
  ['inconclusive', { verdict: 'inconclusive' }, 'broken'],
  ['without a record', { verdict: 'fail', missing: 'left no record, exit code 7' }, 'broken'],
])('a drill that is %s is not passed', ([, changes, status]) => {
  expect(nightResults([summary({ rows: [{ ...green, ...changes }] })])).toMatchObject([{ status }]);
});

test('a record that cannot be read is broken', () => {
  const [result] = nightResults([summary({ rows: [], unreadable: ['shard-2: there is nothing'] })]);
  expect(result).toMatchObject({ name: 'shard-2: there is nothing', status: 'broken' });
});

test('the same run is there once, however many summaries tell of it; its history goes by the drill', () => {
  const merged = { ...green, source: 'merged' };
  const next = { ...green, runId: 'db-loss-2', verdict: 'fail' as const };
  expect(nightResults([summary({}), summary({ rows: [merged] })])).toHaveLength(1);
  const [one, other] = nightResults([summary({ rows: [green, next] })]);
  expect(one?.historyId).toBe(other?.historyId);
  expect(one?.uuid).not.toBe(other?.uuid);
});
