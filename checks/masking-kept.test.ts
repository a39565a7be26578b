import { expect, test } from 'vitest';
import type { KeptColumnObservation } from '../domain/masking.ts';
import { judgeKept } from './masking-kept.ts';

const column = (changes: Partial<KeptColumnObservation>): KeptColumnObservation => ({
  place: 'club.members.plan',
  values: 100,
  secrets: 0,
  proseTexts: 0,
  ...changes,
});

test.for<[string, Partial<KeptColumnObservation>, string]>([
  ['a column whose name says that it holds a secret', { byName: 'secret' }, 'by its name it holds a secret'],
  [
    'a column whose name says that it holds free text',
    { byName: 'free-text', values: 0 },
    'by its name it holds free text',
  ],
  ['one value that looks like a secret', { secrets: 1 }, '1 of 100 values in a sample look like secrets'],
  ['values that read as prose', { proseTexts: 10 }, '10 of 100 values in a sample read as free text'],
])('masking.kept is red for %s, unless the policy says why', ([, changes, why]) => {
  expect(judgeKept([column({}), column(changes)])).toMatchObject({
    check: 'masking.kept',
    verdict: 'fail',
    evidence: [`club.members.plan: ${why}`],
  });
  expect(judgeKept([column({ ...changes, reason: 'public catalogue' })]).verdict).toBe('pass');
});

test('masking.kept passes what can be kept', () => {
  expect(judgeKept([column({ proseTexts: 9 })]).verdict).toBe('pass');
  expect(judgeKept([]).verdict).toBe('pass');
});
