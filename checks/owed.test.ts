import { expect, test } from 'vitest';
import type { ControlRecord } from '../domain/record.ts';
import type { Finding } from '../domain/finding.ts';
import { judgeOwed } from './owed.ts';

const facts = { expected: '1', actual: '1' };
const green = (check: string): Finding => ({ check, verdict: 'pass', ...facts });
const red: Finding = { check: 'integrity.rows', verdict: 'fail', ...facts };
const control: ControlRecord = {
  name: 'row-missing',
  title: 'A row is missing',
  expectedCheck: 'integrity.rows',
  expectedVerdict: 'fail',
  caught: true,
  detail: '',
  red: [red],
};
const owed = { checks: ['integrity.rows', 'smoke.status', 'masking.leaks'], controls: ['row-missing'] };
const findings = owed.checks.map(green);
const whole = { owed, findings, controls: [control], errors: [] };
const without = (check: string) => findings.filter((finding) => finding.check !== check);

test('a run that judged and played all that it owed passes', () => {
  expect(judgeOwed(whole)).toMatchObject([{ check: 'judged', verdict: 'pass', actual: 'all of them' }]);
});

test.for(owed.checks)('a check that was not judged makes the run inconclusive, by name: %s', (check) => {
  expect(judgeOwed({ ...whole, findings: without(check) })).toMatchObject([
    { verdict: 'inconclusive', actual: `not judged: ${check}` },
  ]);
});

test('a check that does not apply was judged', () => {
  const none: Finding = { check: 'masking.leaks', verdict: 'not-applicable', ...facts };
  expect(judgeOwed({ ...whole, findings: [...without('masking.leaks'), none] })[0]?.verdict).toBe('pass');
});

test('a control that was not played is named, and so is one that is said to be caught and left no finding', () => {
  expect(judgeOwed({ ...whole, controls: [] })).toMatchObject([
    { verdict: 'inconclusive', actual: 'not judged: control row-missing' },
  ]);
  const { red: _none, ...told } = control;
  expect(judgeOwed({ ...whole, controls: [told] })[0]?.verdict).toBe('inconclusive');
  expect(judgeOwed({ ...whole, controls: [{ ...told, notApplicable: 'no rows' }] })[0]?.verdict).toBe('pass');
});

test('a red check explains why nothing was handed over, and no other check that is missing', () => {
  expect(judgeOwed({ ...whole, findings: [red, green('smoke.status')] })[0]?.verdict).toBe('pass');
  expect(judgeOwed({ ...whole, findings: [red, green('masking.leaks')] })[0]?.actual).toBe('not judged: smoke.status');
});

test('an error explains what is missing after it', () => {
  const errors = [{ phase: 'restore' as const, code: 'restore-failed', message: 'no' }];
  expect(judgeOwed({ ...whole, findings: [], controls: [], errors })).toEqual([]);
});

test('who owes nothing has proved nothing; of a record that does not say what it owed nothing is said', () => {
  expect(judgeOwed({ ...whole, owed: { checks: [], controls: [] } })[0]?.verdict).toBe('inconclusive');
  expect(judgeOwed({ findings, controls: [], errors: [] })).toEqual([]);
});
