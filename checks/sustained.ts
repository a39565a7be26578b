import { finding, type Finding } from '../domain/finding.ts';
import type { SustainedSmokeRecord } from '../domain/record-recovery.ts';
import type { SustainedObservation } from '../domain/smoke.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';
import { explainLate, heldUpRecommendation, heldUpWords, type Late } from './own-delay.ts';
import { nearestRank } from './smoke-record.ts';
import { isAnswered, isLate, latencyWords, mismatchesOf, samplesOf, type Sample } from './smoke-sample.ts';
import { countWords } from './words.ts';

/** Different wrong answers of one probe that the evidence tells. */
const toldReasons = 3;

/**
 * `smoke.sustained`: of the requests that every probe was sent at a fixed rate, all were answered as expected and none
 * took as long as the probe's limit or longer. Late ones that the machine explains, which held the harness itself up, are
 * inconclusive; `machine` says in words how busy it was. A probe that was sent fewer requests than planned, and no
 * probe at all, are failures. Gives the lines of `drill.json`, too: in them the first request stands apart from the percentiles,
 * which are by nearest rank over the other requests that were answered.
 */
export function judgeSustained(
  observations: readonly SustainedObservation[],
  machine?: string,
): {
  finding: Finding;
  lines: SustainedSmokeRecord[];
} {
  const lines = observations.map((observation) => lineOf(observation));
  const samples = samplesOf(observations);
  const wrong = samples.filter(isWrong);
  const late = samples.filter(isLate);
  const explained = explainLate(samples);
  const { byMachine, failedByMachine, ownDelayMs } = explained;
  const isComplete = observations.every((observation) => observation.samples.length >= observation.requests);
  const isHidden = isComplete && isByMachine(samples, explained);
  const told = observations.flatMap((observation) => evidenceOf(observation));
  const slowestMs = Math.max(0, ...lines.flatMap(({ firstMs, maxMs }) => [firstMs, maxMs]));
  return {
    lines,
    finding: finding('smoke.sustained', samples.length > 0 && told.length === 0, {
      expected: `every request of ${ratesOf(observations)} answered as expected and under its limit`,
      actual:
        samples.length === 0
          ? 'no request was sent'
          : `${wrong.length} of ${samples.length} requests with a wrong answer or none, ${late.length} at or over the ` +
            `limit, slowest ${latencyWords(slowestMs)}`,
      otherwise: isHidden ? 'inconclusive' : 'fail',
      evidence: [...(byMachine.size + failedByMachine.size > 0 ? [heldUpWords(ownDelayMs, machine)] : []), ...told],
      recommendation: isHidden
        ? heldUpRecommendation
        : 'Find out what the requests wait for when they do not come one by one: connections, locks, cold caches.',
    }),
  };
}

/** Nothing is red but requests that the machine made late, or made to fail behind the API. */
function isByMachine(samples: readonly Sample[], { byMachine, bySystem, failedByMachine }: Late): boolean {
  const isWrongAnyway = (sample: Sample): boolean => isWrong(sample) && !failedByMachine.has(sample);
  return byMachine.size + failedByMachine.size > 0 && bySystem.size === 0 && !samples.some(isWrongAnyway);
}

function lineOf(observation: SustainedObservation): SustainedSmokeRecord {
  const { probe, perSecond } = observation;
  const samples = samplesOf([observation]);
  const [first, ...others] = samples;
  const latencies = others
    .filter(isAnswered)
    .map(({ latencyMs }) => latencyMs)
    .toSorted((one, other) => one - other);
  const late = samples.filter(isLate).length;
  return {
    probe: probe.name,
    requests: samples.length,
    perSecond,
    errors: samples.filter(isWrong).length,
    firstMs: first?.latencyMs ?? 0,
    p50Ms: nearestRank(latencies, 0.5),
    p95Ms: nearestRank(latencies, 0.95),
    p99Ms: nearestRank(latencies, 0.99),
    maxMs: latencies.at(-1) ?? 0,
    limitMs: probe.limitMs,
    overLimitShare: samples.length === 0 ? 0 : late / samples.length,
    verdict: lineVerdict(observation, samples),
  };
}

function lineVerdict(observation: SustainedObservation, samples: readonly Sample[]): ApplicableVerdict {
  if (!(samples.length >= observation.requests) || samples.length === 0) return 'fail';
  if (evidenceOf(observation).length === 0) return 'pass';
  return isByMachine(samples, explainLate(samples)) ? 'inconclusive' : 'fail';
}

/** What is wrong with the requests of one probe, in a few lines; nothing where all is well. */
function evidenceOf(observation: SustainedObservation): string[] {
  const { probe, requests } = observation;
  const samples = samplesOf([observation]);
  const name = `${probe.name} (${probe.method} ${probe.path})`;
  const wrong = samples.filter(isWrong);
  const reasons = [...new Set(wrong.map(mismatchesOf))];
  const more = reasons.length > toldReasons ? `; ${reasons.length - toldReasons} other reasons` : '';
  const late = samples.filter(isLate);
  const slowestMs = Math.max(...late.map(({ latencyMs }) => latencyMs));
  return [
    ...(!(samples.length >= requests) ? [`${name}: ${samples.length} of ${requests} requests were sent`] : []),
    ...(wrong.length > 0
      ? [`${name}: ${wrong.length} of ${samples.length}: ${reasons.slice(0, toldReasons).join('; ')}${more}`]
      : []),
    ...(late.length > 0
      ? [
          `${name}: ${late.length} of ${samples.length} at or over ${latencyWords(probe.limitMs)}, slowest ${latencyWords(slowestMs)}`,
        ]
      : []),
  ];
}

/** Not answered, or otherwise than expected. */
const isWrong = (sample: Sample): boolean => !isAnswered(sample) || sample.mismatches.length > 0;

/** `2,200 at 100 a second to each probe`. */
function ratesOf(observations: readonly SustainedObservation[]): string {
  const planned = observations.reduce((sum, { requests }) => sum + requests, 0);
  const rates = [...new Set(observations.map(({ perSecond }) => perSecond))];
  return `${countWords(planned)} at ${rates.join(', ') || 'no'} a second to each probe`;
}
