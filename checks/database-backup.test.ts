import { expect, test } from 'vitest';
import type { DatabaseBackupObservation, RestorePoint } from '../domain/recovery.ts';
import { judgeDatabaseBackup } from './database-backup.ts';

const pointOf = (tables: object) =>
  ({ manifest: { content: { tables }, dump: { sizeBytes: 1_000, sha256: 'ab'.repeat(32) } } }) as RestorePoint;
const point = pointOf({ 'public.orders': { rows: 3, digest: '0' } });
const whole: DatabaseBackupObservation = {
  stored: { sha256: 'ab'.repeat(32), sizeBytes: 1_000 },
  content: { entries: 12, rows: new Map([['public.orders', 3]]) },
  rolesBytes: 80,
  problems: [],
};

test('a backup that was read whole passes, and says what was read', () => {
  const { check, verdict, actual } = judgeDatabaseBackup(point, whole);
  expect({ check, verdict }).toEqual({ check: 'backup.verified', verdict: 'pass' });
  expect(actual).toBe('read whole: 12 entries, 3 rows, the same sha256');
});

test('whatever was found to be wrong is red, the first of it said, and all of it in the evidence', () => {
  const problems = ['one row is missing', 'and another'];
  const found = judgeDatabaseBackup(point, { ...whole, problems });
  expect(found).toMatchObject({ verdict: 'fail', actual: 'one row is missing', evidence: problems });
});

test.for<[string, DatabaseBackupObservation]>([
  ['nothing', { problems: [] }],
  ['no dump', omit('stored')],
  ['no content', omit('content')],
  ['no roles', omit('rolesBytes')],
  ['bytes that are no number', { ...whole, rolesBytes: Number.NaN }],
])('of which %s was read it is red', ([, observation]) => {
  expect(judgeDatabaseBackup(point, observation)).toMatchObject({
    verdict: 'fail',
    actual: 'it was not read to its end',
  });
});

test('a manifest of no table is red, whatever was read', () => {
  expect(judgeDatabaseBackup(pointOf({}), whole)).toMatchObject({
    verdict: 'fail',
    actual: 'the manifest describes no table',
  });
});

function omit(part: 'stored' | 'content' | 'rolesBytes'): DatabaseBackupObservation {
  const { [part]: _, ...rest } = whole;
  return rest;
}
