import { describe, expect, it } from 'vitest';
import { counted, date, duration, shortDuration, instant, latency, percent, preciseInstant } from './format.ts';

describe('format', () => {
  it.each([
    [0, '0 ms'],
    [0.4, 'under 1 ms'],
    [419.6, '420 ms'],
    [15_580, '15.6 s'],
    [59_990, '1 min'],
    [64_200, '1 min 4.2 s'],
    [7_200_000, '2 h'],
    [-1_500, '-1.5 s'],
  ])('writes %d ms as %s', (durationMs, text) => {
    expect(duration(durationMs)).toBe(text);
  });

  it.each([
    [1.84, '1.8 ms'],
    [284.4, '284 ms'],
    [2_512, '2,512 ms'],
  ])('keeps a latency of %d in milliseconds', (latencyMs, text) => {
    expect(latency(latencyMs)).toBe(text);
  });

  it.each([
    [15_580, 7_200_000, '0.2 %'],
    [1, 7_200_000, 'under 0.1 %'],
    [3, 2, '150 %'],
    [0, 5, '0 %'],
    [1, 0, 'not defined'],
  ])('writes %d of %d in percent', (part, whole, text) => {
    expect(percent(part, whole)).toBe(text);
  });

  it('writes instants in UTC and leaves what is none', () => {
    expect(instant('2026-03-02T23:30:00.000-02:00')).toBe('2026-03-03 01:30:00 UTC');
    expect(preciseInstant('2026-03-02T09:00:17.200Z')).toBe('2026-03-02 09:00:17.200 UTC');
    expect(date('2026-03-02T09:00:00.000Z')).toBe('2026-03-02');
    expect(instant('soon')).toBe('soon');
  });

  it('counts in words', () => {
    expect([counted(1, 'write'), counted(1_200, 'write'), counted(2, 'canary', 'canaries')]).toEqual([
      '1 write',
      '1,200 writes',
      '2 canaries',
    ]);
  });
});

it('a terminal and a report tell one duration by the same figure', () => {
  for (const durationMs of [0, 420, 999.6, 5_060, 15_580, 68_560, 7_200_000]) {
    const inReport = duration(durationMs)
      .replaceAll(' min', 'm')
      .replaceAll(/(\d) (?=[a-z])/g, '$1');
    expect(shortDuration(durationMs)).toBe(inReport);
  }
});
