import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { sampleNames, sampleRecord } from '../reports/sample-records.test-data.ts';
import { ctrfReport } from './ctrf.ts';

/** The schema that the makers of the format publish, in the package of their tools. */
const schemaFile = new URL('ctrf-schema-0.0.json', import.meta.resolve('ctrf'));
const schema = JSON.parse(await readFile(fileURLToPath(schemaFile), 'utf8')) as object;
const validate = formats.default(new Ajv({ strict: false, allErrors: true })).compile(schema);

test.for(sampleNames)('the %s record is valid against the published schema', (name) => {
  validate(ctrfReport(sampleRecord(name)));
  expect(validate.errors).toBeNull();
});

test('the schema is held against something: a wrong member, one too few, a status that there is not', () => {
  const report = ctrfReport(sampleRecord('passing'));
  const [first] = report.results.tests;
  const withTest = (changes: object): object => ({
    ...report,
    results: { ...report.results, tests: [{ ...first, ...changes }] },
  });
  expect(validate(withTest({}))).toBe(true);
  expect(validate(withTest({ status: 'inconclusive' }))).toBe(false);
  expect(validate(withTest({ name: undefined }))).toBe(false);
  expect(validate({ ...report, reportId: 'no uuid' })).toBe(false);
  expect(validate({ ...report, timestamp: 'yesterday' })).toBe(false);
  expect(validate({ ...report, results: { ...report.results, summary: {} } })).toBe(false);
});

test.for(sampleNames)('the %s record: the summary counts its tests', (name) => {
  const record = sampleRecord(name);
  const { summary, tests } = ctrfReport(record).results;
  const { passed, failed, skipped, pending, other } = summary;
  expect(passed + failed + skipped + pending + other).toBe(summary.tests);
  expect(tests).toHaveLength(record.steps.length + record.findings.length + record.controls.length);
  expect(summary.stop).toBeGreaterThanOrEqual(summary.start);
  for (const { duration } of tests) expect(Number.isInteger(duration)).toBe(true);
});

test('what is not proved, or does not apply, is never passed', () => {
  const record = sampleRecord('passing');
  const { tests } = ctrfReport({
    ...record,
    findings: [
      { check: 'x', verdict: 'inconclusive', expected: '1', actual: 'nothing' },
      { check: 'y', verdict: 'not-applicable', expected: '1', actual: 'there is none' },
    ],
    controls: [{ ...record.controls[0]!, caught: false }],
    steps: [{ id: 's', title: 'S', status: 'not-executed' }],
  }).results;
  expect(tests.map(({ status }) => status)).toEqual(['pending', 'other', 'skipped', 'failed']);
});
