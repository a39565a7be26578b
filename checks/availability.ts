import type { AvailabilitySwitch, LoadSample } from '../domain/availability.ts';
import { finding, type Finding } from '../domain/finding.ts';
import type { MarkerAck } from '../domain/marker.ts';
import { mergeVerdicts } from '../domain/verdict.ts';
import { heldUpWords, isHeldUp } from './own-delay.ts';
import { bucketsOf, longestOutageMs } from './availability-buckets.ts';
import { durationWords } from './words.ts';

/** What was seen of one fault of one server behind a load balancer. Instants are on the clock of the load. */
export interface SwitchObservation {
  fault: string;
  server: string;
  faultAtMs: number;
  /** All requests of the load. */
  samples: readonly LoadSample[];
  /** Until when requests are judged. */
  watchedUntilMs: number;
  /** How long requests have to be free of failures before the switch counts as done. */
  quietMs: number;
  /** Longest time from the fault to the last failed request. */
  budgetMs: number;
  /** Servers that the load balancer has in rotation at the end of the watch. */
  inRotation: readonly string[];
  bucketMs: number;
  outageLimitMs: number;
  errorShareLimit: number;
  /** The longest that the harness itself was held up while it watched, in milliseconds. */
  ownDelayMs?: number;
}

/** What a gateway answers for a server that does not: RFC 9110, section 15.6. */
const gatewayStatuses: readonly (number | undefined)[] = [502, 503, 504];

/**
 * Judges what clients saw of a failover:
 * - `availability.symptoms`: requests were answered 502, 503 or 504, as the scenario says. Without any the switch was
 *   not seen under load: `inconclusive`.
 * - `availability.failover`: the failed server is out of rotation, and from some instant within the budget on every
 *   request was answered as expected, for `quietMs` at least.
 * - `availability.outage`: the share of errors was not over its limit for longer than accepted.
 */
export function judgeSwitch(observation: SwitchObservation): { findings: Finding[]; record: AvailabilitySwitch } {
  const { fault, server, faultAtMs, samples, watchedUntilMs, budgetMs } = observation;
  const within = requestsWithin(samples, faultAtMs, watchedUntilMs);
  const failed = within.filter(({ failure }) => failure !== undefined);
  const failedOverAfterMs = failoverMs(observation, within, failed);
  const outageMs = outageOf(observation, within);
  const findings = [
    judgeSymptoms(observation, failed),
    judgeFailover(observation, within, failedOverAfterMs),
    judgeOutage(observation, within.length, outageMs),
  ];
  const record: AvailabilitySwitch = {
    fault,
    server,
    faultAtMs,
    ...(failedOverAfterMs !== undefined && { failedOverAfterMs }),
    budgetMs,
    requests: within.length,
    failed: failed.length,
    failures: countBy(failed),
    outageMs,
    verdict: mergeVerdicts(findings.map(({ verdict }) => verdict)),
  };
  return { findings, record };
}

/** Milliseconds from the fault to the end of the last failed request; `undefined` while requests still fail. */
export function failoverMs(
  { faultAtMs, watchedUntilMs, quietMs }: Pick<SwitchObservation, 'faultAtMs' | 'watchedUntilMs' | 'quietMs'>,
  within: readonly LoadSample[],
  failed: readonly LoadSample[],
): number | undefined {
  const lastMs = failed.reduce((latest, { atMs, latencyMs }) => Math.max(latest, atMs + latencyMs), faultAtMs);
  const after = within.filter(({ atMs }) => atMs > lastMs);
  return after.length === 0 || !(watchedUntilMs - lastMs >= quietMs) ? undefined : lastMs - faultAtMs;
}

function judgeSymptoms({ fault }: SwitchObservation, failed: readonly LoadSample[]): Finding {
  const seen = failed.filter(({ status }) => gatewayStatuses.includes(status));
  return finding('availability.symptoms', seen.length > 0, {
    otherwise: 'inconclusive',
    expected: 'requests answered 502, 503 or 504 while the failed server is still in rotation',
    actual: `${fault}: ${words(countBy(failed), 'no request failed')}`,
    recommendation: 'Send more requests, or requests that the load balancer may not repeat: the switch was not seen.',
  });
}

function judgeFailover(observation: SwitchObservation, within: readonly LoadSample[], tookMs?: number): Finding {
  const { fault, server, budgetMs, quietMs, inRotation, watchedUntilMs, faultAtMs, ownDelayMs } = observation;
  const out = !inRotation.includes(server);
  const watched = durationWords(watchedUntilMs - faultAtMs);
  const ended =
    tookMs === undefined
      ? `requests still failed when the watch of ${watched} was over`
      : `no request failed after ${durationWords(tookMs)}`;
  const isTimed = within.every(({ atMs, latencyMs }) => Number.isFinite(atMs + latencyMs));
  const ok = out && inRotation.length > 0 && isTimed && tookMs !== undefined && tookMs <= budgetMs;
  // A wrong server in rotation is wrong however busy the machine is.
  const isHidden = out && inRotation.length > 0 && isHeldUp(ownDelayMs, budgetMs);
  return finding('availability.failover', ok, {
    otherwise: isHidden ? 'inconclusive' : 'fail',
    expected: `${server} out of rotation, and no failed request later than ${durationWords(budgetMs)} after the fault, for ${durationWords(quietMs)} at least`,
    actual: `${fault}: ${ended}; in rotation: ${inRotation.join(', ') || 'none'}`,
    evidence: [
      `${within.length} requests, answered by ${words(servedBy(within), 'nobody')}`,
      ...(isHidden ? [heldUpWords(ownDelayMs ?? 0, undefined)] : []),
    ],
    recommendation: 'Let the load balancer check its servers and take out those that fail.',
  });
}

function judgeOutage(observation: SwitchObservation, requests: number, outageMs: number): Finding {
  const { fault, outageLimitMs, errorShareLimit, ownDelayMs } = observation;
  const isHidden = isHeldUp(ownDelayMs, outageLimitMs);
  const share = `${Math.round(errorShareLimit * 100)} %`;
  return finding('availability.outage', requests > 0 && outageMs <= outageLimitMs, {
    otherwise: requests === 0 || isHidden ? 'inconclusive' : 'fail',
    ...(isHidden && { evidence: [heldUpWords(ownDelayMs ?? 0, undefined)] }),
    expected: `more than ${share} of the requests failed for at most ${durationWords(outageLimitMs)} at a stretch`,
    actual: requests === 0 ? `${fault}: no request was sent` : `${fault}: ${durationWords(outageMs)}`,
    recommendation: 'Shorten the time until the load balancer takes a failed server out.',
  });
}

/** `availability.restored`: the server that had failed answers requests of clients again, and is in rotation. */
export function judgeRestored(observation: {
  server: string;
  /** Requests that each server answered since it was brought back. */
  answers: Readonly<Record<string, number>>;
  inRotation: readonly string[];
}): Finding {
  const { server, answers, inRotation } = observation;
  return finding('availability.restored', (answers[server] ?? 0) > 0 && inRotation.includes(server), {
    expected: `${server} in rotation and answering requests again`,
    actual: `answered by ${words(answers, 'nobody')}; in rotation: ${inRotation.join(', ') || 'none'}`,
    recommendation: 'Bring the failed server back: without it the next failure takes the whole application down.',
  });
}

/** `availability.baseline`: before any fault no request fails, and every server answers some of them. */
export function judgeBaseline(observation: { samples: readonly LoadSample[]; servers: readonly string[] }): Finding {
  const { samples, servers } = observation;
  const failed = samples.filter(({ failure }) => failure !== undefined);
  const answers = servedBy(samples);
  const idle = servers.filter((server) => answers[server] === undefined);
  return finding('availability.baseline', servers.length > 1 && failed.length === 0 && idle.length === 0, {
    expected: 'every request answered as expected, each of several servers answering some',
    actual: `${failed.length} of ${samples.length} requests failed; answered by ${words(answers, 'nobody')}`,
    evidence: [...new Set(failed.map(({ probe, failure }) => `${probe}: ${failure}`))].slice(0, 20),
    recommendation: 'Repair the application before its failover is rehearsed.',
  });
}

/** `availability.writes`: every write that was acknowledged, before the faults and through them, is there. */
export function judgeWrites(
  acks: readonly MarkerAck[],
  survivors: readonly number[],
  faultAt: readonly Date[],
): Finding {
  const there = new Set(survivors);
  const lost = acks.filter(({ sequence }) => !there.has(sequence)).map(({ sequence }) => sequence);
  const first = Math.min(...faultAt.map((instant) => instant.getTime()));
  const since = acks.filter(({ acknowledgedAt }) => Date.parse(acknowledgedAt) > first).length;
  return finding('availability.writes', acks.length > 0 && since > 0 && lost.length === 0, {
    otherwise: lost.length > 0 ? 'fail' : 'inconclusive',
    expected: 'writes acknowledged before and after the faults, and each of them there',
    actual: `${lost.length} of ${acks.length} acknowledged writes lost, ${since} acknowledged since the first fault`,
    evidence: lost.slice(0, 20).map((sequence) => `write ${sequence} was acknowledged and is gone`),
    recommendation: 'Acknowledge a write only once the database has committed it, and never send one twice blindly.',
  });
}

/**
 * The requests that were not answered yet at one instant, or sent after it, up to another. One whose times are no numbers
 * may have been.
 */
export function requestsWithin(samples: readonly LoadSample[], fromMs: number, untilMs: number): LoadSample[] {
  return samples.filter(({ atMs, latencyMs }) => !(atMs + latencyMs < fromMs || atMs > untilMs));
}

/** How many requests each server answered. */
export function servedBy(samples: readonly LoadSample[]): Record<string, number> {
  return counted(samples.map(({ servedBy: server }) => server ?? 'nobody'));
}

function outageOf({ bucketMs, errorShareLimit }: SwitchObservation, within: readonly LoadSample[]): number {
  return longestOutageMs(bucketsOf(within, bucketMs), bucketMs, errorShareLimit);
}

function countBy(failed: readonly LoadSample[]): Record<string, number> {
  return counted(failed.map(({ status }) => (status === undefined ? 'no answer' : String(status))));
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function words(counts: Readonly<Record<string, number>>, none: string): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} (${count})`);
  return parts.length === 0 ? none : parts.join(', ');
}
