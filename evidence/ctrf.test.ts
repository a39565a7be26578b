import { expect, test } from 'vitest';
import { sampleNames, sampleRecord } from '../reports/sample-records.test-data.ts';
import { ctrfReport } from './ctrf.ts';

test.for(sampleNames)('the %s record: the summary counts its tests', (name) => {
  const record = sampleRecord(name);
  const { summary, tests } = ctrfReport(record).results;
  const { passed, failed, skipped, pending, other } = summary;
  expect(passed + failed + skipped + pending + other).toBe(summary.tests);
  expect(tests).toHaveLength(record.steps.length + record.findings.length + record.controls.length);
  expect(summary.stop).toBeGreaterThanOrEqual(summary.start);
  for (const { duration } of tests) expect(Number.isInteger(duration)).toBe(true);
});

test('what is not proved is never passed', () => {
  const record = sampleRecord('passing');
  const { tests } = ctrfReport({
    ...record,
    findings: [{ check: 'x', verdict: 'inconclusive', expected: '1', actual: 'nothing' }],
    controls: [{ ...record.controls[0]!, caught: false }],
    steps: [{ id: 's', title: 'S', status: 'not-executed' }],
  }).results;
  expect(tests.map(({ status }) => status)).toEqual(['pending', 'other', 'failed']);
});
