import { describe, expect, it } from 'vitest';
import type { PhaseName, TimelineEvent } from '../../domain/timeline.ts';
import { spansOf } from './spans.ts';

const event = (
  phase: PhaseName,
  elapsedMs: number,
  kind: TimelineEvent['kind'] = 'start',
  durationMs?: number,
): TimelineEvent => ({
  sequence: 1,
  at: '2026-03-02T09:00:00.000Z',
  elapsedMs,
  phase,
  kind,
  message: `${phase} ${kind}`,
  ...(durationMs !== undefined && { durationMs }),
});

const words = (...timeline: TimelineEvent[]): string[] =>
  spansOf(timeline).map(({ phase, fromMs, toMs, message }) => `${phase} ${fromMs}-${toMs} ${message}`);

describe('spansOf', () => {
  it('joins the events of one phase, and keeps a phase that comes back apart', () => {
    expect(
      words(
        event('verify', 10),
        event('verify', 30, 'ok', 20),
        event('restore', 30),
        event('restore', 50, 'fail', 20),
        event('verify', 60),
        event('verify', 90, 'ok', 30),
      ),
    ).toEqual(['verify 10-30 verify ok', 'restore 30-50 restore fail', 'verify 60-90 verify ok']);
  });

  it('takes the beginning from a duration where only the end was noted, and does not overlap', () => {
    expect(words(event('seed', 100, 'ok', 60), event('backup', 150, 'ok', 80))).toEqual([
      'seed 40-100 seed ok',
      'backup 100-150 backup ok',
    ]);
  });

  it('lets a phase with nothing but its start last until the next one', () => {
    expect(words(event('detect', 10), event('decide', 25), event('decide', 30, 'ok'))).toEqual([
      'detect 10-25 detect start',
      'decide 25-30 decide ok',
    ]);
    expect(words(event('seed', 10))).toEqual(['seed 10-10 seed start']);
    expect(words()).toEqual([]);
  });
});
