import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { DrillRecord } from '../domain/record.ts';
import { sampleNames, sampleRecord } from '../reports/sample-records.test-data.ts';
import { assessmentResults } from './oscal.ts';

/** The schema that NIST publishes with OSCAL 1.2.3, as it is. */
const schema = JSON.parse(
  await readFile(new URL('../tests/schemas/oscal-1.2.3-assessment-results.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

const resultOf = (record: DrillRecord) => assessmentResults(record)['assessment-results'].results[0]!;
const stateOf = (record: DrillRecord, controlId: string) =>
  resultOf(record).findings.find(({ target }) => target['target-id'] === `${controlId}_obj`)?.target.status;

test.for(sampleNames)('the %s record is valid against the published schema', (name) => {
  validate(assessmentResults(sampleRecord(name)));
  expect(validate.errors).toBeNull();
});

test('the schema is held against something: a member too few or too many is wrong', () => {
  const document = structuredClone(assessmentResults(sampleRecord('passing')));
  const results = document['assessment-results'];
  expect(validate({ 'assessment-results': { ...results, 'import-ap': {} } })).toBe(false);
  expect(validate({ 'assessment-results': { ...results, more: 1 } })).toBe(false);
  expect(validate({ 'assessment-results': { ...results, uuid: '00000000-0000-0000-0000-000000000000' } })).toBe(false);
});

test('the same record gives the same document, another run other UUIDs', () => {
  const record = sampleRecord('passing');
  expect(assessmentResults(record)).toEqual(assessmentResults(sampleRecord('passing')));
  expect(resultOf({ ...record, runId: 'other' }).uuid).not.toBe(resultOf(record).uuid);
});

describe('a control is satisfied', () => {
  const record = sampleRecord('passing');

  test('when everything that bears on it is green', () => {
    for (const id of ['cp-4', 'cp-9.1', 'cp-9.2', 'cp-10.4']) expect(stateOf(record, id)?.state).toBe('satisfied');
  });

  test('never with a red or inconclusive check, nor with nothing observed', () => {
    const red = { check: 'integrity.rows', verdict: 'fail', expected: '1', actual: '0' } as const;
    const unproved = { ...red, verdict: 'inconclusive' } as const;
    const absent = { ...red, verdict: 'not-applicable' } as const;
    const withFinding = (...findings: DrillRecord['findings']) => ({ ...record, findings });
    expect(stateOf(withFinding(...record.findings, red), 'cp-9.1')).toEqual({ state: 'not-satisfied', reason: 'fail' });
    expect(stateOf(withFinding(...record.findings, unproved), 'cp-9.1')).toEqual({
      state: 'not-satisfied',
      reason: 'other',
    });
    expect(stateOf(withFinding(absent), 'cp-9.1')).toEqual({ state: 'not-satisfied', reason: 'other' });
    expect(stateOf(withFinding(...record.findings, absent), 'cp-9.1')?.state).toBe('satisfied');
    expect(stateOf(withFinding(), 'cp-9.1')).toEqual({ state: 'not-satisfied', reason: 'other' });
    expect(resultOf(withFinding())).not.toHaveProperty('observations');
  });

  test('the test of the plan as a whole is judged by the verdict, too', () => {
    expect(stateOf({ ...record, verdict: 'fail' }, 'cp-4')?.state).toBe('not-satisfied');
  });
});

describe('what was seen of a built-in stand-in is no evidence', () => {
  const base = sampleRecord('passing');
  const onStandIns: DrillRecord = {
    ...base,
    services: base.services.map((service) =>
      service.name === 'objects' ? { ...service, implementation: 'built-in stand-in for MinIO' } : service,
    ),
  };
  const objects = { check: 'backup.objects', expected: '1', actual: '1' };
  const judged = (findings: DrillRecord['findings'], changes: Partial<DrillRecord> = {}) =>
    stateOf({ ...onStandIns, findings, ...changes }, 'cp-9.1');

  test('a green check of it satisfies nothing, a red one still counts', () => {
    expect(judged([{ ...objects, verdict: 'pass' }])).toEqual({ state: 'not-satisfied', reason: 'other' });
    expect(judged([{ ...objects, verdict: 'fail' }])).toEqual({ state: 'not-satisfied', reason: 'fail' });
    expect(stateOf({ ...base, findings: [{ ...objects, verdict: 'pass' }] }, 'cp-9.1')?.state).toBe('satisfied');
  });

  test('what the real server has shown beside it counts, and the document says which was which', () => {
    const rows = { check: 'integrity.rows', verdict: 'pass', expected: '1', actual: '1' } as const;
    expect(judged([rows, { ...objects, verdict: 'pass' }])?.state).toBe('satisfied');
    const { findings, remarks } = resultOf({ ...onStandIns, findings: [rows, { ...objects, verdict: 'pass' }] });
    const told = findings.find(({ target }) => target['target-id'] === 'cp-9.1_obj')?.description;
    expect(told).toContain('1 more were made on built-in stand-ins and count for nothing');
    expect(remarks).toContain('On built-in stand-ins: objects (for MinIO)');
  });

  test('a drill that brought stand-ins back alone satisfies no control, not even that the plan was tested', () => {
    const recoveryPoints = [
      { store: 'objects' as const, source: 'backup' as const, detail: 'backup 1' },
      { store: 'postgres' as const, source: 'survived' as const, detail: 'the fault did not reach it' },
    ];
    for (const id of ['cp-4', 'cp-9.1', 'cp-9.2', 'cp-10.4'])
      expect(stateOf({ ...onStandIns, recoveryPoints }, id)?.state).toBe('not-satisfied');
  });
});
