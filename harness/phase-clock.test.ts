import { expect, test } from 'vitest';
import type { Clock } from '../domain/clock.ts';
import { PhaseClock } from './phase-clock.ts';

/** A clock that stands still until it is set. */
function handClock(): Clock & { atMs: number } {
  return {
    atMs: 0,
    now: () => new Date(0),
    monotonicMs(): number {
      return this.atMs;
    },
  };
}

test('the phases of the recovery add up to its total, what is entered twice is counted twice', () => {
  const clock = handClock();
  const phases = new PhaseClock(clock);
  phases.enter('fault');
  clock.atMs = 1_000;
  phases.enter('detect');
  clock.atMs = 1_500;
  phases.enter('provision');
  clock.atMs = 3_000;
  phases.enter('restore');
  clock.atMs = 7_000;
  phases.enter('provision');
  clock.atMs = 7_100;
  phases.freeze();
  expect(phases.phases()).toEqual({ detect: 500, provision: 1_600, restore: 4_000 });
  expect(phases.totalMs()).toBe(6_100);
  expect(phases.endedMs()).toBe(7_100);
});

test('a phase can begin in the past: the outage was detected before it was confirmed', () => {
  const clock = handClock();
  const phases = new PhaseClock(clock);
  clock.atMs = 900;
  phases.enter('detect', 400);
  clock.atMs = 1_000;
  phases.freeze();
  expect(phases.phases()).toEqual({ detect: 600 });
  expect(phases.totalMs()).toBe(600);
});

test('after the end nothing is counted any more, and before it there is no total', () => {
  const clock = handClock();
  const phases = new PhaseClock(clock);
  phases.enter('restore');
  expect(phases.totalMs()).toBeUndefined();
  clock.atMs = 10;
  phases.freeze();
  clock.atMs = 500;
  phases.enter('verify');
  clock.atMs = 900;
  phases.freeze();
  expect(phases.totalMs()).toBe(10);
});

test('the total is not the sum of the phases: time that belongs to none of them is in it', () => {
  const clock = handClock();
  const phases = new PhaseClock(clock);
  phases.enter('detect');
  clock.atMs = 100;
  phases.enter('hand-over');
  clock.atMs = 400;
  phases.enter('resume');
  clock.atMs = 500;
  phases.freeze();
  expect(phases.phases()).toEqual({ detect: 100, resume: 100 });
  expect(phases.totalMs()).toBe(500);
});
