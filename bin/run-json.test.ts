import { expect, test } from 'vitest';
import { runJson } from './run-json.ts';
import { summaryOf } from './summary.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';

test('one line of JSON tells the verdict, what is red and where the rest is', () => {
  const record = sampleRecord('everything');
  const text = runJson(record, '/tmp/run');
  expect(text).not.toContain('\n');
  expect(JSON.parse(text)).toMatchObject({
    drill: record.drill,
    verdict: record.verdict,
    record: '/tmp/run/drill.json',
    report: '/tmp/run/report.html',
    controls: { played: record.controls.length },
  });
});

test('start-up and reports are part of the time that the end of a run tells', () => {
  const summary = summaryOf(sampleRecord('everything'), '/tmp/run', { commandMs: 100_000 });
  expect(summary).toMatch(/, 1m 40s with start-up and reports/);
});
