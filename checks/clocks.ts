import { finding, type Finding } from '../domain/finding.ts';
import { instantOf, recoveryPhases, type PhaseName, type TimelineEvent } from '../domain/timeline.ts';
import { durationWords } from './words.ts';

/** The clock of the phases and the timeline are read one right after the other; a busy machine may come between. */
const toleranceMs = 100;
const toleranceShare = 0.01;

/**
 * `objectives.clock`: the RTO as the clock of the phases gives it is the time between two events of the timeline, that of
 * the detection and that of the last answer of the smoke probes; no step of the runbook was carried out outside of them.
 * A clock that was started late or stopped early is found by it.
 */
export function judgeRecoveryClock(timeline: readonly TimelineEvent[], totalMs: number): Finding {
  const began = timeline.find((event) => instantOf(event) === 'detected');
  const ended = timeline.findLast((event) => instantOf(event) === 'last-probe');
  const betweenMs = began && ended ? ended.elapsedMs - began.elapsedMs : Number.NaN;
  const allowedMs = Math.max(toleranceMs, betweenMs * toleranceShare);
  const outside = timeline.filter(
    (event) =>
      (event.runbookStep !== undefined || (isRecovery(event.phase) && event.kind === 'start')) &&
      (event.sequence < (began?.sequence ?? 0) || event.sequence > (ended?.sequence ?? Number.POSITIVE_INFINITY)),
  );
  const told = [
    ...(began ? [] : ['the timeline has no detection']),
    ...(ended ? [] : ['the timeline has no last answer of the smoke probes']),
    ...outside.map(({ sequence, message }) => `outside of the recovery: ${sequence}. ${message}`),
    ...(!began || !ended || Math.abs(totalMs - betweenMs) <= allowedMs
      ? []
      : [`the clock of the phases says ${durationWords(totalMs)}, the timeline ${durationWords(betweenMs)}`]),
  ];
  return finding('objectives.clock', told.length === 0, {
    expected: 'the RTO of the clock to be the time on the timeline from the detection to the last answer of the probes',
    actual: told[0] ?? `${durationWords(totalMs)}, on the timeline ${durationWords(betweenMs)}`,
    evidence: told,
    recommendation: 'Do not trust the times of this run: the clock did not run for the whole recovery.',
  });
}

/** What the wall clock may be adjusted by while a run lasts, as time servers do it, in steps or by its rate. */
const wallToleranceMs = 1_000;
const wallToleranceShare = 0.001;

/**
 * `clock.wall`: the wall clock went as the monotonic one did, from each event of the timeline to the next and over all of
 * them. Losses, the ages of backups and the order of markers are by the wall clock; where it was set, they prove
 * nothing, and the finding is inconclusive.
 */
export function judgeWallClock(timeline: readonly TimelineEvent[]): Finding {
  const offsets = timeline.map(({ at, elapsedMs }) => Date.parse(at) - elapsedMs);
  const [first = 0] = offsets;
  const spreadMs = Math.max(...offsets) - Math.min(...offsets);
  const lastedMs = (timeline.at(-1)?.elapsedMs ?? 0) - (timeline[0]?.elapsedMs ?? 0);
  const allowedMs = wallToleranceMs + lastedMs * wallToleranceShare;
  const jump = timeline.find((_event, index) => Math.abs((offsets[index] ?? Number.NaN) - first) > allowedMs);
  const isSteady = timeline.length > 1 && spreadMs <= allowedMs;
  return finding('clock.wall', isSteady, {
    otherwise: 'inconclusive',
    expected: `the wall clock to go as the monotonic one, within ${durationWords(allowedMs)}`,
    actual:
      timeline.length > 1
        ? `${durationWords(spreadMs)} apart at most over ${durationWords(lastedMs)}`
        : `${timeline.length} events, which show nothing`,
    evidence: jump ? [`first seen at ${jump.at}: ${jump.sequence}. ${jump.message}`] : [],
    recommendation: 'Keep the clock of the machine as it is while a drill runs, and repeat the drill.',
  });
}

function isRecovery(phase: PhaseName): boolean {
  return (recoveryPhases as readonly PhaseName[]).includes(phase);
}
