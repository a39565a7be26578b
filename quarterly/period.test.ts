import { expect, test } from 'vitest';
import { lastWholeQuarter, periodName, periodOf } from './period.ts';

test.for([
  ['2026-04-01T00:00:00.000Z', '2026-01-01', '2026-04-01', '2026-Q1'],
  ['2026-03-31T23:59:59.999Z', '2025-10-01', '2026-01-01', '2025-Q4'],
  ['2026-12-24T12:00:00.000Z', '2026-07-01', '2026-10-01', '2026-Q3'],
] as const)('at %s the last whole quarter is from %s to %s, %s', ([now, from, to, name]) => {
  const period = lastWholeQuarter(new Date(now));
  expect(period).toEqual({ from: new Date(from), to: new Date(to) });
  expect(periodName(period)).toBe(name);
});

const now = new Date('2026-04-10');

test('days that were given are both included', () => {
  const period = periodOf({ from: '2026-01-01', to: '2026-03-31' }, now);
  expect(period).toEqual(periodOf({}, now));
  expect(periodName(periodOf({ from: '2026-01-01', to: '2026-03-30' }, now))).toBe('2026-01-01 to 2026-03-30');
});

test.for([
  [{ from: '2026-01-01' }, 'only --from'],
  [{ to: '2026-01-01' }, 'only --to'],
  [{ from: '2026-02-30', to: '2026-03-01' }, '2026-02-30'],
  [{ from: '2026-01-01', to: 'soon' }, '--to as a day'],
  [{ from: '2026-03-02', to: '2026-03-01' }, '--to on or after --from'],
  [{ from: '2026-05-01', to: '2026-05-02' }, 'a period that has begun'],
] as const)('%j is refused: %s', ([given, words]) => {
  expect(() => periodOf(given, now)).toThrow(words);
});
