import type { DrillRecord, StepRecord } from '../domain/record.ts';

/** A step of the runbook that was executed, on the clock of `Tracks`. */
export interface Track {
  step: StepRecord;
  fromMs: number;
  toMs: number;
}

/** Steps of a runbook that ran side by side, in the order in which they began. */
export interface Tracks {
  /** What their times are counted from. */
  since: 'since the detection' | 'since the start of the run';
  tracks: Track[];
  /** Those of the chain that made the recovery as long as it was, first step first. */
  critical: Track[];
}

/** The steps as they ran side by side; `undefined` where they ran one after the other, or none was executed. */
export function tracksOf(record: DrillRecord): Tracks | undefined {
  const { steps } = record;
  if (!steps.some(({ after }) => after !== undefined)) return undefined;
  const timed = steps.flatMap((step) =>
    step.startedMs === undefined || step.endedMs === undefined
      ? []
      : [{ step, fromMs: step.startedMs, toMs: step.endedMs }],
  );
  if (timed.length === 0) return undefined;
  const firstMs = Math.min(...timed.map(({ fromMs }) => fromMs));
  const detectedMs = elapsedAtDetection(record);
  // The two clocks may differ by milliseconds; a detection after the first step would be none of this recovery.
  const isDetected = detectedMs <= firstMs + 100;
  const zeroMs = isDetected ? Math.min(detectedMs, firstMs) : 0;
  const tracks = timed
    .map(({ step, fromMs, toMs }) => ({ step, fromMs: fromMs - zeroMs, toMs: toMs - zeroMs }))
    .toSorted((one, other) => one.fromMs - other.fromMs || one.toMs - other.toMs);
  return {
    since: isDetected ? 'since the detection' : 'since the start of the run',
    tracks,
    critical: tracks.filter(({ step }) => step.critical === true),
  };
}

/** The detection on the clock of the steps: the timeline, which tells both clocks, is the bridge between them. */
function elapsedAtDetection({ fault, timeline }: DrillRecord): number {
  const detectedMs = Date.parse(fault?.detectedAt ?? '');
  const event = timeline.find(({ at }) => Date.parse(at) >= detectedMs);
  return event === undefined ? NaN : event.elapsedMs - (Date.parse(event.at) - detectedMs);
}
