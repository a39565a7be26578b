import type { Finding } from '../domain/finding.ts';
import { isLate, isUnavailable, latencyWords, type Sample } from './smoke-sample.ts';

/** A harness that is itself held up for more than this part of a limit cannot hold anything against it. */
const ownDelayShare = 0.25;

/** Whether the harness was held up too long for a red verdict against this limit to say anything. */
export function isHeldUp(ownDelayMs: number | undefined, limitMs: number): boolean {
  return ownDelayMs !== undefined && ownDelayMs > limitMs * ownDelayShare;
}

/** Requests that were late, by what explains it. */
export interface Late {
  /** The harness was held up meanwhile, or was so around it and the same probe answers in time otherwise. */
  byMachine: Set<Sample>;
  /** Nothing but the system explains these. */
  bySystem: Set<Sample>;
  /** Given up, or answered by a server that had waited in vain itself (503, 504), and the machine explains it. */
  failedByMachine: Set<Sample>;
  /** The longest that the harness was held up. */
  ownDelayMs: number;
}

/**
 * Tells late requests that the machine explains from those that it does not. An endpoint that is slow whenever it is
 * asked stays slow, however busy the machine is: its requests are late while the harness itself is not.
 */
export function explainLate(samples: readonly Sample[]): Late {
  const ownDelayMs = Math.max(0, ...samples.map((sample) => sample.ownDelayMs ?? 0));
  const inTime = new Set(
    samples.filter((sample) => !isLate(sample) && !isUnavailable(sample)).map(({ observation }) => observation.probe),
  );
  const late = samples.filter(isLate);
  const isByMachine = (sample: Sample): boolean => {
    const { probe } = sample.observation;
    // Held up for longer than the limit itself, the harness could not have told an endpoint in time from a late one.
    const couldTell = ownDelayMs < probe.limitMs;
    return (
      Number.isFinite(sample.latencyMs) &&
      (isHeldUp(sample.ownDelayMs, probe.limitMs) ||
        (isHeldUp(ownDelayMs, probe.limitMs) && (inTime.has(probe) || !couldTell)))
    );
  };
  const byMachine = new Set(late.filter(isByMachine));
  // One that is never there when it is asked is not there, however busy the machine is.
  const isFailed = (sample: Sample): boolean =>
    sample.gaveUp === true || (isUnavailable(sample) && inTime.has(sample.observation.probe));
  const failed = samples.filter(isFailed);
  return {
    byMachine,
    bySystem: new Set(late.filter((sample) => !byMachine.has(sample))),
    failedByMachine: new Set(failed.filter(isByMachine)),
    ownDelayMs,
  };
}

/** What is awaited in a drill has at least as long as an endpoint has to answer. */
const waitLimitMs = 2_000;

/**
 * Why an error that ended a step says nothing of the system: something did not come in time, and the harness itself was
 * held up meanwhile. `undefined` for every other error, and on a machine that was not busy.
 */
export function heldUpWait(message: string, ownDelayMs: number, machine?: string): string | undefined {
  const isOfTime = /\bwithin \d|\btime(?:d|s)?[ -]?out\b/i.test(message);
  return isOfTime && isHeldUp(ownDelayMs, waitLimitMs)
    ? `${heldUp} for ${latencyWords(ownDelayMs)}${loadOf(machine)}`
    : undefined;
}

const heldUp = 'the harness itself was held up';

/** Whether a finding is open only because the harness itself was held up. */
export function isHeldUpFinding({ verdict, evidence = [] }: Finding): boolean {
  return verdict === 'inconclusive' && evidence.some((line) => line.startsWith(heldUp));
}

/** Why a red latency says nothing: the figure, and what the machine said of its load. */
export function heldUpWords(ownDelayMs: number, machine: string | undefined): string {
  return `${heldUp} for ${latencyWords(ownDelayMs)}${loadOf(machine)}: the machine was too busy to be judged by the clock`;
}

function loadOf(machine: string | undefined): string {
  return machine === undefined ? '' : ` (${machine})`;
}

/** What to do about it. */
export const heldUpRecommendation =
  'Run the drill again on a machine that is less busy: this one was held up too long to be judged by the clock.';
