/**
 * Phases of a run, in their order. `detect` to `resume` are the phases of recovery and add up to the RTO; the others
 * surround it.
 */
export const phaseNames = [
  'start',
  'seed',
  'backup',
  'steady-state',
  'fault',
  'detect',
  'decide',
  'provision',
  'restore',
  'verify',
  'resume',
  'hand-over',
  'controls',
  'clean-up',
  'report',
] as const;

export type PhaseName = (typeof phaseNames)[number];

/** The phases that make up the RTO, from detection to the last green smoke probe. */
export const recoveryPhases = ['detect', 'decide', 'provision', 'restore', 'verify', 'resume'] as const;

export type RecoveryPhase = (typeof recoveryPhases)[number];

/** One line of `timeline.jsonl`. */
export interface TimelineEvent {
  /** Counts from 1 without gaps. */
  sequence: number;
  /** ISO 8601, UTC. */
  at: string;
  /** Monotonic milliseconds since the run began. */
  elapsedMs: number;
  phase: PhaseName;
  kind: 'start' | 'ok' | 'fail' | 'skip' | 'info';
  /** What happens, as a person reads it. */
  message: string;
  /** Only on `ok` and `fail`: how long the thing took. */
  durationMs?: number;
  /** Step of the runbook this belongs to, where it does. */
  runbookStep?: string;
  data?: Record<string, unknown>;
}

/** Instants that the times of a run are recomputed from; an event that marks one has it as `data.instant`. */
export type MarkedInstant = 'detected' | 'last-probe';

/** The instant that an event marks, if any. */
export function instantOf({ data }: TimelineEvent): MarkedInstant | undefined {
  const instant = data?.['instant'];
  return instant === 'detected' || instant === 'last-probe' ? instant : undefined;
}

/** Where the code of a phase says what it does. Every call is on screen and in `timeline.jsonl` at once. */
export interface Progress {
  info(message: string, data?: Record<string, unknown>): void;
  /** How far a long step is; `total` may be unknown. Shown on screen now and then, not kept in the timeline. */
  advance(done: number, total: number | undefined, unit: string): void;
}

/** A `Progress` that tells nobody, for callers that do not watch. */
export const silentProgress: Progress = { info: () => {}, advance: () => {} };
