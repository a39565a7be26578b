import { expect, test } from 'vitest';
import type { NightlySummary } from '../domain/nightly.ts';
import type { DrillRecord } from '../domain/record.ts';
import { sampleRecord, type SampleName } from '../reports/sample-records.test-data.ts';
import { mergeSources, type Source } from './merge.ts';
import { parseSummary } from './parse-summary.ts';
import { planNightly } from './plan.ts';
import type { FoundRecord } from './read-records.ts';
import { drills, runbook } from './runs.test-data.ts';
import { summarise } from './summarise.ts';
import { missingRow, rowOf } from './summary-row.ts';

const now = new Date('2026-11-21T05:00:00Z');

function record(name: SampleName, rest: Partial<DrillRecord>): DrillRecord {
  return { ...sampleRecord(name), ...rest };
}

const green = record('passing', { runId: 'loss-1', drill: 'loss' });
const red = record('failing', { runId: 'fire-1', drill: 'fire' });

function found(...records: DrillRecord[]): FoundRecord[] {
  return records.map((one) => ({ file: `${one.drill}/drill.json`, record: one, text: JSON.stringify(one) }));
}

function source(name: string, records: DrillRecord[], rest: Partial<Source> = {}): Source {
  return { name, records: found(...records), unreadable: [], ...rest };
}

/** What a machine writes itself about its part of the night. */
function summaryOf(index: number, count: number, rows: NightlySummary['rows'] = []): NightlySummary {
  const runbooks = [runbook({ frequency: 'quarterly' })];
  const plan = planNightly({ drills, runbooks, records: [], now, shard: { index, count } });
  return summarise({ plan, rows, runs: [], unreadable: [] });
}

const merge = (...sources: Source[]): NightlySummary => mergeSources(sources, { now, known: [] });

test('who ran what, its figures, the total, and the worst verdict', () => {
  const merged = merge(source('one', [green]), source('two', [red]));
  expect(merged).toMatchObject({ verdict: 'fail', runsMs: green.durationMs + red.durationMs });
  expect(merged.rows).toMatchObject([
    { drill: 'fire', source: 'two', verdict: 'fail', runId: 'fire-1' },
    {
      drill: 'loss',
      source: 'one',
      verdict: 'pass',
      rto: { totalMs: green.rto?.totalMs, targetMs: green.rto?.targetMs },
      rpo: green.rpo.map(({ store, targetMs, lostWrites }) => ({ store, targetMs, lostWrites })),
      controls: { planned: green.controls.length },
    },
  ]);
});

test('the same run twice is one, however its file is laid out', () => {
  const pretty = found(green).map((one) => ({ ...one, text: JSON.stringify(green, undefined, 2) }));
  expect(merge(source('one', [green]), source('two', [], { records: pretty })).rows).toHaveLength(1);
});

test('two different records of one run are an error that names both', () => {
  const changed = { ...green, durationMs: green.durationMs + 1 };
  expect(() => merge(source('one', [green]), source('two', [changed]))).toThrow(
    /two records of the run loss-1 differ.*one\/loss\/drill\.json and two\/loss\/drill\.json/,
  );
});

test('a member that this version does not know counts as a difference, too', () => {
  const [other] = found(green).map((one) => ({ ...one, text: JSON.stringify({ ...green, later: 1 }) }));
  expect(() => merge(source('one', [green]), source('two', [], { records: other ? [other] : [] }))).toThrow(/differ/);
});

test('a drill that left no record stays red', () => {
  const lost = summaryOf(1, 1, [missingRow('theft', 'here', 'left no record, exit code 137')]);
  const merged = merge(source('one', [green], { summary: lost }));
  expect(merged.verdict).toBe('fail');
  expect(merged.rows[1]).toEqual(missingRow('theft', 'one', 'left no record, exit code 137'));
});

test('a night that broke off: what it has played counts by its record, the rest is red', () => {
  const broken = summaryOf(1, 1, [missingRow('loss', 'one', 'broke off'), missingRow('fire', 'one', 'broke off')]);
  const played = { ...green, startedAt: '2026-11-21T05:00:01.000Z' };
  expect(merge(source('one', [played], { summary: broken }))).toMatchObject({
    verdict: 'fail',
    rows: [
      { drill: 'fire', missing: 'broke off' },
      { drill: 'loss', runId: 'loss-1', verdict: 'pass' },
    ],
  });
  const earlier = { ...green, startedAt: '2026-11-20T05:00:00.000Z' };
  const missing = merge(source('one', [earlier], { summary: broken })).rows.filter((row) => row.missing);
  expect(missing.map(({ drill }) => drill)).toEqual(['fire', 'loss']);
});

test('a run that a summary names and whose record is gone is red', () => {
  const merged = merge(source('one', [], { summary: summaryOf(1, 1, [rowOf(green, 'here')]) }));
  expect(merged).toMatchObject({ verdict: 'fail', rows: [{ drill: 'loss', source: 'one' }] });
  expect(merged.rows[0]?.missing).toMatch(/names the run loss-1, the record is not there/);
});

test('a machine that left nothing is red, also when all others are green', () => {
  const merged = merge(
    source('one', [green], { summary: summaryOf(1, 3) }),
    source('three', [], { summary: summaryOf(3, 3) }),
  );
  expect(merged).toMatchObject({ verdict: 'fail', shards: { found: [1, 3], missing: [2], count: 3 } });
  const whole = merge(
    source('one', [green], { summary: summaryOf(1, 2) }),
    source('two', [], { summary: summaryOf(2, 2) }),
  );
  expect(whole.verdict).toBe('pass');
});

test('a record that cannot be read makes the night red, one of an earlier night does not', () => {
  expect(merge(source('one', [green], { unreadable: ['one: x/drill.json: empty'] }))).toMatchObject({
    verdict: 'fail',
    unreadable: ['one: x/drill.json: empty'],
  });
  const summary = { ...summaryOf(1, 1), unreadable: ['old/drill.json: empty'] };
  expect(merge(source('one', [green], { summary }))).toMatchObject({
    verdict: 'pass',
    unreadable: ['old/drill.json: empty'],
  });
});

test('shards of different numbers are not of one night', () => {
  const one = source('one', [], { summary: summaryOf(1, 2) });
  expect(() => merge(one, source('two', [], { summary: summaryOf(2, 3) }))).toThrow(/do not share one night.*2, 3/);
});

test('what all machines say is said once; a drill that one of them ran is not listed as not due', () => {
  const plan = planNightly({
    drills,
    runbooks: [runbook({ frequency: 'quarterly', exercises: [{ kind: 'random-scenario', frequency: 'monthly' }] })],
    records: [],
    now,
    dueOnly: true,
  });
  const summary = summarise({ plan, rows: [], runs: [], unreadable: [] });
  const other = { ...summary, createdAt: '2026-11-21T05:01:00.000Z' };
  const merged = merge(source('one', [green], { summary }), source('two', [], { summary: other }));
  expect(merged.lots).toHaveLength(1);
  expect(merged.gaps).toHaveLength(drills.length);
  expect(summary.notDue.map(({ drill }) => drill)).toContain('loss');
  expect(merged.notDue.map(({ drill }) => drill)).not.toContain('loss');
});

test('flaky over machines and nights, and marked in its row', () => {
  const later = { ...green, runId: 'loss-2', startedAt: '2026-11-21T03:00:00.000Z' };
  const earlier = { ...green, runId: 'loss-1', startedAt: '2026-11-20T03:00:00.000Z', verdict: 'fail' as const };
  const merged = merge(source('one', [earlier]), source('two', [later]));
  expect(merged.flaky).toMatchObject([{ redRunId: 'loss-1', greenRunId: 'loss-2' }]);
  expect(merged.rows.map(({ flaky }) => flaky?.redRunId)).toEqual(['loss-1', 'loss-1']);
  expect(merged.verdict).toBe('fail');
});

test('nothing at all has no verdict', () => expect(merge(source('one', [])).verdict).toBeUndefined());

test('a run that died is never green', () => {
  expect(merge(source('one', [{ ...green, state: 'running' }])).verdict).toBe('inconclusive');
});

test('what was written can be read again', () => {
  const merged = merge(source('one', [green, red], { summary: summaryOf(1, 2) }));
  expect(parseSummary(JSON.stringify(merged), 'x')).toEqual(merged);
  expect(() => parseSummary('{', 'x.json')).toThrow(/no JSON.*x\.json/);
  expect(() => parseSummary('{}', 'x.json')).toThrow(/schema version 1.*rows.*x\.json/);
});
