import { expect, test } from 'vitest';
import type { DrillRecord } from '../domain/record.ts';
import type { PhaseName, TimelineEvent } from '../domain/timeline.ts';
import { growthOf, growthTable, notLinear, type GrowthFigures, type SizeGrowth } from './growth-figures.ts';

const size = (rows: number, durationMs: number): SizeGrowth => ({
  rows,
  verdict: 'pass',
  totalMs: durationMs,
  steps: [
    { phase: 'start', title: 'Start', durationMs: 900 },
    { phase: 'backup', title: 'Back up', durationMs },
  ],
  processes: [{ name: 'drill', peakBytes: 200_000_000 }],
});
const event = (
  phase: PhaseName,
  kind: TimelineEvent['kind'],
  durationMs?: number,
  message = `${phase} ${kind}`,
): TimelineEvent => ({
  sequence: 1,
  at: '2026-01-02T03:04:05.000Z',
  elapsedMs: 7_000,
  phase,
  kind,
  message,
  ...(durationMs !== undefined && { durationMs }),
});
const figures = (...sizes: SizeGrowth[]): GrowthFigures => ({
  at: '2026-01-02T03:04:05.000Z',
  cpus: 2,
  drill: 'db-loss',
  postgres: 'PostgreSQL 15',
  sizes,
});

test('a step that grows with its rows is linear, whatever does not grow at all too', () => {
  const linear = figures(size(20_000, 3_000), size(200_000, 30_000), size(1_000_000, 150_000));
  expect(notLinear(linear)).toEqual([]);
  const table = growthTable(linear);
  expect(table).toContain('| backup: Back up | 3.0 | 30.0 | 150.0 | 1.00 | 1.00 |');
  expect(table).toContain('| start: Start | 0.9 | 0.9 | 0.9 |  |  |');
  expect(table).toContain('| drill | 200 MB | 200 MB | 200 MB |');
});

test('a step that grows faster is named, with the sizes between which it does', () => {
  const squared = figures(size(20_000, 3_000), size(200_000, 30_000), size(1_000_000, 750_000));
  expect(notLinear(squared)).toEqual(['backup: Back up: 5.00 times linear from 200,000 to 1,000,000']);
  expect(growthTable(squared)).toContain('Not linear: backup: Back up: 5.00 times linear');
});

test('a tiny time is no base: what takes seconds at ten times the size is not held against milliseconds', () => {
  expect(notLinear(figures(size(20_000, 100), size(200_000, 15_000)))).toEqual([]);
  expect(notLinear(figures(size(20_000, 100), size(200_000, 31_000)))).toHaveLength(1);
});

test('the steps of a run are what its timeline says has ended, failed ones too', () => {
  const events = [
    event('seed', 'start'),
    event('seed', 'ok', 10),
    event('restore', 'fail', 20),
    event('restore', 'info'),
  ];
  const growth = growthOf(20_000, { verdict: 'fail' } as DrillRecord, events);
  expect(growth).toMatchObject({ rows: 20_000, verdict: 'fail', totalMs: 7_000, processes: [] });
  expect(growth.steps.map(({ title, durationMs }) => [title, durationMs])).toEqual([
    ['seed ok', 10],
    ['restore fail', 20],
  ]);
});

test('a step that fails is the step that it was at the other sizes, whatever it says of its failure', () => {
  const record = { verdict: 'fail' } as DrillRecord;
  const begun = event('hand-over', 'start', undefined, 'Load');
  const green = growthOf(20_000, record, [begun, event('hand-over', 'ok', 4_000, 'Load')]);
  const red = growthOf(200_000, record, [begun, event('hand-over', 'fail', 8_000, 'Load: load fail: 3 wrong')]);
  expect(growthTable(figures(green, red))).toContain('| hand-over: Load | 4.0 | 8.0 | 0.20 |');
});
