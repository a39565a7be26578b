import type { DrillRecord } from '../../domain/record.ts';
import type { PhaseName, TimelineEvent } from '../../domain/timeline.ts';

/** A stretch of the run in one phase. */
export interface PhaseSpan {
  phase: PhaseName;
  fromMs: number;
  toMs: number;
  /** What the phase wrote down last in it. */
  message: string;
}

/**
 * The events that say which phase the run was in. Of steps that ran side by side only those of the critical path do:
 * the others would cut the phases to pieces.
 */
export function courseEvents({ timeline, steps }: DrillRecord): TimelineEvent[] {
  // A step that was skipped was never in its phase.
  const events = timeline.filter(({ kind }) => kind !== 'skip');
  const beside = steps.filter(({ critical }) => critical !== true).map(({ id }) => id);
  if (beside.length === steps.length) return events;
  return events.filter(({ runbookStep }) => runbookStep === undefined || !beside.includes(runbookStep));
}

/**
 * The stretches of a run: events that follow one another in the same phase are one. A stretch lasts until its last
 * event, or until the next stretch begins where it ended in nothing but its start.
 */
export function spansOf(timeline: readonly TimelineEvent[]): PhaseSpan[] {
  const spans: PhaseSpan[] = [];
  for (const { phase, kind, elapsedMs, durationMs = 0, message } of timeline) {
    const last = spans.at(-1);
    if (last?.phase === phase) {
      last.toMs = Math.max(last.toMs, elapsedMs);
      if (kind === 'ok' || kind === 'fail') last.message = message;
    } else {
      const fromMs = Math.max(last?.toMs ?? 0, elapsedMs - durationMs);
      spans.push({ phase, fromMs, toMs: elapsedMs, message });
    }
  }
  return spans.map((span, index) => {
    const next = spans[index + 1];
    return span.toMs === span.fromMs && next ? { ...span, toMs: next.fromMs } : span;
  });
}
