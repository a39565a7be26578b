import { expect, test } from 'vitest';
import { nextDrillAt } from './cadence.ts';

test.for([
  ['2026-11-21T09:00:00Z', 'quarterly', '2027-02-21'],
  ['2026-11-30T23:59:59Z', 'quarterly', '2027-02-28'],
  ['2027-01-31T00:00:00Z', 'monthly', '2027-02-28'],
  ['2026-12-31T12:00:00Z', 'nightly', '2027-01-01'],
  ['2026-12-28T12:00:00Z', 'weekly', '2027-01-04'],
  ['2028-02-29T12:00:00Z', 'annually', '2029-02-28'],
] as const)('after %s the next %s drill is due on %s', ([from, frequency, expected]) => {
  expect(nextDrillAt(new Date(from), frequency)).toBe(`${expected}T00:00:00.000Z`);
});
