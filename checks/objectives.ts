import { finding, type Finding } from '../domain/finding.ts';
import type { ServiceRtoRecord } from '../domain/record-recovery.ts';
import type { DrillRecord } from '../domain/record.ts';
import { recoveryPhases, type RecoveryPhase } from '../domain/timeline.ts';
import { mergeVerdicts } from '../domain/verdict.ts';
import { heldUpWords, isHeldUp } from './own-delay.ts';
import { durationWords } from './words.ts';

export { judgeRpo, type RpoObservation } from './objectives-rpo.ts';

type RtoRecord = NonNullable<DrillRecord['rto']>;

/** What was measured of the recovery's time, in milliseconds of the monotonic clock. */
export interface RtoObservation {
  phases: Partial<Record<RecoveryPhase, number>>;
  /** From detection to the last green smoke probe. */
  totalMs: number;
  targetMs: number;
  /** From the fault itself to the last green smoke probe. */
  fromFaultMs: number;
  restoreDurationMs?: number;
  /** Steps of the runbook: what they took must be above zero too. */
  steps?: readonly { title: string; actualMs?: number }[];
  /** Phases that must have been measured: all, unless the scenario has no step of one. */
  required?: readonly RecoveryPhase[];
  /** The longest that the harness itself was held up meanwhile. */
  ownDelayMs?: number;
}

/** Rounding of single phases that the sum may differ from the total by. */
const toleranceMs = 5;

/**
 * Judges the time of a recovery and gives the part of `drill.json` on it:
 * - `objectives.rto`: the total against the target.
 * - `objectives.durations`: every required phase was measured, the phases add up to the total, the time from the fault
 *   is not less than it, and nothing took no time or less. If this fails, the times are not to be trusted.
 */
export function judgeRto(observation: RtoObservation): { findings: Finding[]; rto: RtoRecord } {
  const findings = [judgeTotal(observation), judgeDurations(observation)];
  const { phases, totalMs, targetMs, fromFaultMs, restoreDurationMs } = observation;
  return {
    findings,
    rto: {
      totalMs,
      targetMs,
      phases,
      fromFaultMs,
      ...(restoreDurationMs !== undefined && { restoreDurationMs }),
      verdict: mergeVerdicts(findings.map(({ verdict }) => verdict)),
    },
  };
}

/** One service of a recovery: from the detection until it was back. */
export interface ServiceTime {
  service: string;
  title: string;
  totalMs: number;
  targetMs: number;
}

/** `objectives.rto.<service>`: each service was back within its own objective. Gives their lines of `drill.json`, too. */
export function judgeServiceTimes(times: readonly ServiceTime[]): { findings: Finding[]; lines: ServiceRtoRecord[] } {
  const findings = times.map(({ service, title, totalMs, targetMs }) =>
    finding(`objectives.rto.${service}`, totalMs > 0 && totalMs <= targetMs, {
      expected: `${title} back at most ${durationWords(targetMs)} after the detection`,
      actual: durationWords(totalMs),
      recommendation: `Shorten the steps that ${title} waits for, or agree on another objective.`,
    }),
  );
  return {
    findings,
    lines: times.map((time, index) => ({ ...time, verdict: findings[index]?.verdict ?? 'inconclusive' })),
  };
}

function judgeTotal({ phases, totalMs, targetMs, ownDelayMs }: RtoObservation): Finding {
  const isHidden = totalMs > 0 && isHeldUp(ownDelayMs, targetMs);
  return finding('objectives.rto', totalMs > 0 && totalMs <= targetMs, {
    expected: `at most ${durationWords(targetMs)} from detection to the last green smoke probe`,
    actual: durationWords(totalMs),
    otherwise: isHidden ? 'inconclusive' : 'fail',
    evidence: [
      ...(isHidden ? [heldUpWords(ownDelayMs ?? 0, undefined)] : []),
      ...Object.entries(phases).map(([phase, durationMs]) => `${phase}: ${durationWords(durationMs)}`),
    ],
    recommendation: 'Shorten the longest phase of the recovery, or agree on another objective.',
  });
}

function judgeDurations(observation: RtoObservation): Finding {
  const { phases, totalMs, fromFaultMs, restoreDurationMs, steps = [], required = recoveryPhases } = observation;
  const measured = [
    ...Object.entries(phases).map(([name, durationMs]) => ({ name, durationMs })),
    { name: 'total', durationMs: totalMs },
    { name: 'from the fault', durationMs: fromFaultMs },
    ...(restoreDurationMs === undefined ? [] : [{ name: 'restore of the data', durationMs: restoreDurationMs }]),
    ...steps.flatMap(({ title, actualMs }) => (actualMs === undefined ? [] : [{ name: title, durationMs: actualMs }])),
  ];
  const impossible = measured.filter(({ durationMs }) => !(durationMs > 0 && Number.isFinite(durationMs)));
  const sumMs = Object.values(phases).reduce((sum, durationMs) => sum + durationMs, 0);
  const told = [
    ...required.filter((phase) => phases[phase] === undefined).map((phase) => `${phase}: not measured`),
    ...impossible.map(({ name, durationMs }) => `${name}: ${durationMs} ms`),
    ...(Math.abs(sumMs - totalMs) <= toleranceMs
      ? []
      : [`the phases add up to ${sumMs} ms, the total is ${totalMs} ms`]),
    ...(fromFaultMs + toleranceMs >= totalMs
      ? []
      : [`${fromFaultMs} ms from the fault is less than the ${totalMs} ms of the recovery within it`]),
  ];
  return finding('objectives.durations', told.length === 0, {
    expected: 'every phase of the recovery measured and above zero, together the total',
    actual: told.length === 0 ? `${measured.length} durations, all above zero` : `${told.length} impossible or missing`,
    evidence: told,
    recommendation: 'Do not trust the times of this run: something that was to be timed did not happen.',
  });
}
