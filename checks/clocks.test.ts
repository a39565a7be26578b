import { describe, expect, test } from 'vitest';
import type { TimelineEvent } from '../domain/timeline.ts';
import { judgeRecoveryClock, judgeWallClock } from './clocks.ts';

const startMs = Date.parse('2026-01-05T10:00:00.000Z');
type Line = Partial<TimelineEvent> & { elapsedMs: number };
const timelineOf = (...lines: Line[]): TimelineEvent[] =>
  lines.map((line, index) => ({
    sequence: index + 1,
    at: new Date(startMs + line.elapsedMs).toISOString(),
    phase: 'restore',
    kind: 'info',
    message: `line ${index + 1}`,
    ...line,
  }));

describe('objectives.clock', () => {
  const detected: Line = { elapsedMs: 2_000, phase: 'fault', data: { instant: 'detected' } };
  const lastProbe: Line = { elapsedMs: 9_000, phase: 'resume', data: { instant: 'last-probe' } };
  const step: Line = { elapsedMs: 3_000, kind: 'start', runbookStep: 'restore' };
  const whole = timelineOf({ elapsedMs: 10, phase: 'start', kind: 'start' }, detected, step, lastProbe);

  test('passes where the clock of the phases ran from the detection to the last answer', () => {
    expect(judgeRecoveryClock(whole, 7_000)).toMatchObject({ check: 'objectives.clock', verdict: 'pass' });
    expect(judgeRecoveryClock(whole, 7_060).verdict).toBe('pass');
  });

  test('is red where the clock was stopped before the last probe, or began late', () => {
    expect(judgeRecoveryClock(whole, 6_500)).toMatchObject({
      verdict: 'fail',
      evidence: ['the clock of the phases says 6.5s, the timeline 7s'],
    });
    expect(judgeRecoveryClock(whole, 7_500).verdict).toBe('fail');
    expect(judgeRecoveryClock(whole, Number.NaN).verdict).toBe('fail');
  });

  test('is red where the timeline has no detection, or no last answer', () => {
    expect(judgeRecoveryClock(timelineOf(step, lastProbe), 7_000).evidence).toContain('the timeline has no detection');
    expect(judgeRecoveryClock(timelineOf(detected, step), 7_000).evidence).toEqual([
      'the timeline has no last answer of the smoke probes',
    ]);
  });

  test('is red where a step of the recovery was carried out before the detection or after the last answer', () => {
    expect(judgeRecoveryClock(timelineOf({ ...step, elapsedMs: 1_000 }, detected, lastProbe), 7_000).evidence).toEqual([
      'outside of the recovery: 1. line 1',
    ]);
    const late = timelineOf(detected, lastProbe, { elapsedMs: 9_100, kind: 'start', phase: 'verify' });
    expect(judgeRecoveryClock(late, 7_000).verdict).toBe('fail');
  });
});

describe('clock.wall', () => {
  test('passes while both clocks go alike, and where a time server corrects a little', () => {
    expect(judgeWallClock(timelineOf({ elapsedMs: 0 }, { elapsedMs: 60_000 }))).toMatchObject({
      check: 'clock.wall',
      verdict: 'pass',
    });
    const slewed = timelineOf({ elapsedMs: 0 }, { elapsedMs: 60_000, at: new Date(startMs + 60_400).toISOString() });
    expect(judgeWallClock(slewed).verdict).toBe('pass');
  });

  test.for([
    ['set back', -5_000],
    ['set forward', 5_000],
  ] as const)('is inconclusive where the wall clock was %s during the run, and says where', ([, byMs]) => {
    const set = (elapsedMs: number): Line => ({ elapsedMs, at: new Date(startMs + elapsedMs + byMs).toISOString() });
    const finding = judgeWallClock(timelineOf({ elapsedMs: 0 }, { elapsedMs: 100 }, set(200), set(300)));
    expect(finding.verdict).toBe('inconclusive');
    expect(finding.evidence?.[0]).toContain('3. line 3');
  });

  test('is inconclusive where it was set back and forth again in between', () => {
    const away = { elapsedMs: 200, at: new Date(startMs - 9_000).toISOString() };
    expect(judgeWallClock(timelineOf({ elapsedMs: 0 }, away, { elapsedMs: 300 })).verdict).toBe('inconclusive');
  });

  test('is inconclusive where there is nothing to see, or an instant that is none', () => {
    expect(judgeWallClock([]).verdict).toBe('inconclusive');
    expect(judgeWallClock(timelineOf({ elapsedMs: 0 }, { elapsedMs: 1, at: 'yesterday' })).verdict).toBe(
      'inconclusive',
    );
  });
});
