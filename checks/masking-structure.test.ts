import { expect, test } from 'vitest';
import { largeObjects } from '../domain/masking.ts';
import { judgeMaskedColumns } from './masking.ts';
import { judgeMaskedRows } from './masking-structure.ts';

const members = { members: 10 };
const verdicts = (...given: Parameters<typeof judgeMaskedRows>) => judgeMaskedRows(...given).map((one) => one.verdict);

test('large objects that the policy drops are missed by nobody; without any, nothing is said of them', () => {
  expect(verdicts({ ...members, [largeObjects]: 3 }, members, [largeObjects])).toEqual(['pass', 'pass']);
  expect(verdicts(members, members, [largeObjects])).toEqual(['pass', 'not-applicable']);
});

test.for<[string, Record<string, number>]>([
  ['of the source', { ...members, [largeObjects]: 3 }],
  ['that nobody knows', members],
])('a large object %s in a copy that is to have none is red', ([, source]) => {
  const [, cleared] = judgeMaskedRows(source, { ...members, [largeObjects]: 1 }, [largeObjects]);
  expect(cleared).toMatchObject({
    check: 'masking.cleared',
    verdict: 'fail',
    evidence: ['pg_catalog.pg_largeobject: 1 rows'],
  });
});

test('a large object that is kept and not there is red', () => {
  const [rows] = judgeMaskedRows({ ...members, [largeObjects]: 3 }, members, []);
  expect(rows).toMatchObject({ check: 'masking.rows', verdict: 'fail' });
  expect(rows?.evidence).toEqual(['pg_catalog.pg_largeobject: no such table, source 3 rows']);
});

test('a table to be cleared that is not there is red: only large objects may be none', () => {
  expect(verdicts({ ...members, sessions: 2 }, members, ['sessions'])).toEqual(['pass', 'fail']);
});

test('the content of a large object that its rule cannot have made is red', () => {
  const columns = [{ place: `${largeObjects}.data`, rule: 'replace none', rows: 3, violations: 1 }];
  expect(judgeMaskedColumns(columns)).toMatchObject({ check: 'masking.rules', verdict: 'fail' });
});
