import { expect, test } from 'vitest';
import { periodStart } from './period.ts';

test.for([
  ['2026-11-21T23:59:59Z', 'nightly', '2026-11-21'],
  ['2026-11-22T12:00:00Z', 'weekly', '2026-11-16'],
  ['2026-11-23T00:00:00Z', 'weekly', '2026-11-23'],
  ['2027-01-01T00:00:00Z', 'weekly', '2026-12-28'],
  ['2026-11-21T00:00:00Z', 'monthly', '2026-11-01'],
  ['2026-12-31T23:59:59Z', 'quarterly', '2026-10-01'],
  ['2027-01-01T00:00:00Z', 'quarterly', '2027-01-01'],
  ['2026-11-21T00:00:00Z', 'annually', '2026-01-01'],
] as const)('%s lies in the %s period from %s', ([at, frequency, expected]) => {
  expect(periodStart(new Date(at), frequency)).toBe(expected);
});
