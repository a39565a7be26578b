import { expect, test } from 'vitest';
import { probesAtOnce } from './at-once.ts';

const pace = (latencyMs: number, processors = 2) => ({
  latenciesMs: Array.from({ length: 14 }, () => latencyMs),
  processors,
});
const rate = { perSecond: 25 };

test('all probes are asked at once where the machine sustains it', () => {
  // 14 probes of 5 ms at 25 a second keep 1.75 processors busy, and half of them are for others.
  expect(probesAtOnce(rate, pace(5, 4))).toBe(14);
  expect(probesAtOnce(rate, pace(2.8))).toBe(14);
  expect(probesAtOnce({ perSecond: 0.1 }, pace(500))).toBe(14);
});

test('on a slower machine as many as half of its processors sustain, never fewer than four', () => {
  expect(probesAtOnce(rate, pace(5))).toBe(8);
  expect(probesAtOnce(rate, pace(10, 4))).toBe(8);
  expect(probesAtOnce(rate, pace(500))).toBe(4);
});

test('a rate that is higher needs more of the machine', () => {
  expect(probesAtOnce({ perSecond: 50 }, pace(5, 4))).toBe(8);
});

test('few probes are never more at once than there are', () => {
  expect(probesAtOnce(rate, { latenciesMs: [900, 900], processors: 1 })).toBe(2);
  expect(probesAtOnce(rate, { latenciesMs: [], processors: 1 })).toBe(0);
});
