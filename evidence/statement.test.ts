import { expect, test } from 'vitest';
import type { Finding } from '../domain/finding.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';
import { newRun } from './ledger.test-data.ts';
import { testResultStatement } from './statement.ts';

const { directory, ...run } = newRun('/x', 'one');
const numbered = { number: 7, ...run, folder: directory };
const record = sampleRecord('passing');
const subject = [{ name: 'manifest.json', digest: { sha256: 'a'.repeat(64) } }];
const finding = (check: string, verdict: ApplicableVerdict): Finding => ({ check, verdict, expected: '', actual: '' });
const state = (verdict: ApplicableVerdict, findings: Finding[]) =>
  testResultStatement(numbered, { verdict, subject, record: { ...record, findings } }).predicate;

test('a drill that proved nothing is stated as failed, not as passed with warnings', () => {
  expect(state('pass', []).result).toBe('PASSED');
  expect(state('fail', []).result).toBe('FAILED');
  expect(state('inconclusive', []).result).toBe('FAILED');
});

test('a check that was red once is not among the green ones', () => {
  const findings = [finding('b', 'pass'), finding('a', 'pass'), finding('b', 'fail'), finding('c', 'inconclusive')];
  expect(state('fail', findings)).toMatchObject({ passedTests: ['a'], warnedTests: [], failedTests: ['b', 'c'] });
});

test('the runbook is the configuration, by its digest', () => {
  expect(state('pass', []).configuration).toEqual([
    {
      name: 'runbook parcels',
      digest: { sha256: 'b'.repeat(64) },
      annotations: {
        version: '3',
        scenario: 'db-loss',
        drill: 'db-loss',
        engine: 'native',
        number: 7,
        verdict: 'pass',
      },
    },
  ]);
});

test('a check that does not apply is named neither among the passed ones nor among the failed ones', () => {
  const findings: Finding[] = [finding('a', 'pass'), { ...finding('b', 'pass'), verdict: 'not-applicable' }];
  expect(state('pass', findings)).toMatchObject({ passedTests: ['a'], failedTests: [] });
});
