import { expect, test } from 'vitest';
import type { NightlySummary } from '../domain/nightly.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';
import { nightlyMarkdown } from './markdown.ts';
import { planText } from './plan-text.ts';
import { planNightly } from './plan.ts';
import { drills, run, runbook } from './runs.test-data.ts';
import { judged } from './summarise.ts';
import { missingRow, rowOf } from './summary-row.ts';

const flaky = { drill: 'loss', gitRevision: 'f00', engine: 'native' as const, redRunId: 'r1', greenRunId: 'r2' };
const row = {
  ...rowOf(sampleRecord('passing'), 'shard-1'),
  drill: 'loss',
  gitRevision: 'f00',
  engine: 'native' as const,
};
const summary: NightlySummary = {
  schemaVersion: 1,
  createdAt: '2026-11-21T05:00:00.000Z',
  shards: { found: [1, 2], missing: [3], count: 3 },
  ...judged([row, missingRow('fire', 'shard-2', 'left no record | exit code 1')], [flaky]),
  notDue: [{ drill: 'theft', lastGreenAt: '2026-11-01T00:00:00Z', nextDueAt: '2027-02-01T00:00:00.000Z' }],
  lots: [{ runbook: 'shop', period: '2026-11-01', seed: 7, scenario: 'fire-scenario', drill: 'fire' }],
  reminders: [{ runbook: 'shop', title: 'Talk', from: '2026-10-01', until: '2027-01-01' }],
  gaps: [{ runbook: 'shop', scenario: 'theft-scenario', drill: 'theft', what: 'it was never run' }],
  unreadable: ['old/drill.json: <b>not</b> a record'],
};

test('everything that the summary holds, a line each', () => {
  const text = nightlyMarkdown(summary, { link: 'https://ci.example/1' });
  expect(text).toContain('# Nightly drill: ✖ FAIL\n');
  expect(text).toContain('1 of 2 drills green');
  expect(text).toContain('shards 1, 2 of 3');
  expect(text).toContain('**Nothing was left by shard 3 of 3.**');
  expect(text).toContain('(https://ci.example/1)');
  expect(text).toMatch(/\| ✔ PASS \| loss \| shard-1: native, [\d]+ rows \| [\d.]+ \w+.* of \d+ \w+ \|/);
  expect(text).toMatch(/flaky: red and green on the same files \|\n/);
  expect(text).toContain(
    '| ✖ FAIL | fire | shard-2 | not recovered | not measured | – | – | left no record \\| exit code 1 |',
  );
  expect(text).toContain('| loss | revision f00 | r1 | r2 |');
  expect(text).toContain('| theft | 2026-11-01 | 2027-02-01 |');
  expect(text).toContain('- shop, period from 2026-11-01, seed 7: fire-scenario (fire)');
  expect(text).toContain('- shop, from 2026-10-01 until 2027-01-01: Talk');
  expect(text).toContain('- shop, theft-scenario (theft): it was never run');
  expect(text).toContain('&lt;b>not');
});

test('a night on which nothing was run says so, and has no empty sections', () => {
  const { rows: _, verdict: __, ...rest } = summary;
  const text = nightlyMarkdown({
    ...rest,
    rows: [],
    runsMs: 0,
    flaky: [],
    notDue: [],
    lots: [],
    reminders: [],
    gaps: [],
    unreadable: [],
  });
  expect(text).toContain('○ NOTHING RUN');
  expect(text).toContain('nothing was proved');
  expect(text).not.toContain('##');
  expect(text).not.toContain('|');
});

test('the plan says of every drill why, when, or where', () => {
  const exercises = [
    { kind: 'scenarios', frequency: 'monthly' },
    { kind: 'random-scenario', frequency: 'monthly' },
    { kind: 'tabletop', frequency: 'monthly', title: 'Talk' },
  ] as const;
  const text = planText(
    planNightly({
      drills,
      runbooks: [runbook({ frequency: 'monthly', exercises: [...exercises] })],
      records: [run('2026-11-20T00:00:00Z'), run('2026-11-20T00:00:00Z', { drill: 'theft' })],
      now: new Date('2026-11-21T00:00:00Z'),
      shard: { index: 1, count: 2 },
    }),
  );
  expect(text).toContain('shard 1 of 2\n');
  expect(text).toContain('due             damage  it was never green\n');
  expect(text).toContain('due elsewhere   fire    it was never green; drawn by lot for the period from 2026-11-01');
  expect(text).toContain('not due         loss    next on 2026-12-20\n');
  expect(text).toContain('drawn by lot for the period from 2026-11-01, seed 793062496: shop, fire-scenario\n');
  expect(text).toContain('reminder from 2026-11-01 until 2026-12-01: shop, Talk\n');
  expect(text).toContain('gap: shop, damage-scenario (damage): it was never run\n');
});
