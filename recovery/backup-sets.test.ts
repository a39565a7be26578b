import { expect, test } from 'vitest';
import { judgeBackupSet } from '../checks/backup-set.ts';
import { newestSet, type SingleBackups } from './backup-sets.ts';

/** As much of a backup as its set is found by. */
const point = (setId: string | undefined, minute: number): never =>
  ({
    manifestKey: `${setId ?? 'none'}-${minute}`,
    manifest: { setId, coveredAt: new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString() },
  }) as never;

const whole: SingleBackups = {
  postgres: [point('a', 0), point('b', 30)],
  objects: [point('b', 31), point('a', 1)],
  search: [point('a', 2), point('b', 32)],
};

const verdictOf = (backups: SingleBackups): string => {
  const found = newestSet(backups);
  return found ? judgeBackupSet(found.set, { maxSkewMs: 900_000 }).verdict : 'none';
};

test('the set that covers the latest instant is found by the ids in the manifests', () => {
  const found = newestSet(whole);
  expect(found?.set.id).toBe('b');
  expect(Object.values(found?.set.members ?? {}).map(({ manifestKey }) => manifestKey)).toEqual([
    'b-30',
    'b-31',
    'b-32',
  ]);
  expect(found?.postgres).toBe(whole.postgres[1]);
  expect(verdictOf(whole)).toBe('pass');
});

test('of several backups of a store in a set the newest counts', () => {
  const found = newestSet({ ...whole, objects: [point('b', 31), point('b', 33), point('b', 32)] });
  expect(found?.set.members.objects?.manifestKey).toBe('b-33');
});

test('a set with one store missing is found as it is, and judged red', () => {
  expect(verdictOf({ ...whole, search: [point('a', 2)] })).toBe('fail');
});

test('two sets are not mixed into one: the newest of each store may be of different sets', () => {
  const mixed = { postgres: [point('a', 0)], objects: [point('b', 1)], search: [point('a', 2)] };
  expect(newestSet(mixed)?.set.id).toBe('a');
  expect(verdictOf(mixed)).toBe('fail');
});

test('parts of one set that are far apart are judged red', () => {
  expect(verdictOf({ postgres: [point('a', 0)], objects: [point('a', 1)], search: [point('a', 40)] })).toBe('fail');
});

test('a backup outside of any set is none of one', () => {
  expect(newestSet({ postgres: [point(undefined, 0)], objects: [], search: [] })).toBeUndefined();
});
