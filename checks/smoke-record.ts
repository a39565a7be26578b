import type { SmokeRecord } from '../domain/record.ts';
import type { ProbeExpectation, ProbeObservation } from '../domain/smoke.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';
import { explainLate } from './own-delay.ts';
import {
  isAnswered,
  isLate,
  isServerError,
  isUnexpected,
  latencyWords,
  mismatchesOf,
  samplesOf,
  type Sample,
} from './smoke-sample.ts';

/**
 * The line of a probe in `drill.json`. `target` names the instance that was asked: `steady-state`, `recovered`,
 * `staging`. Latencies are in milliseconds; requests without an answer count with the time until they were given up.
 */
export function smokeRecord(target: string, observation: ProbeObservation): SmokeRecord {
  const { probe, samples } = observation;
  const latencies = samples.map(({ latencyMs }) => latencyMs).toSorted((one, other) => one - other);
  const status = samples.at(-1)?.status;
  const maxMs = latencies.at(-1) ?? 0;
  return {
    target,
    probe: probe.name,
    method: probe.method,
    path: probe.path,
    expected: expectationWords(probe.expect),
    ...(status !== undefined && { status }),
    requests: samples.length,
    latencyMs: maxMs,
    p50Ms: nearestRank(latencies, 0.5),
    p95Ms: nearestRank(latencies, 0.95),
    maxMs,
    limitMs: probe.limitMs,
    ...probeVerdict(observation),
  };
}

/**
 * Percentile by nearest rank: the smallest value of the sorted list that at least `share` of all values do not exceed.
 * It is always a value that was measured; with few requests p95 is the slowest one. Nothing measured gives 0.
 */
export function nearestRank(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? 0;
}

/** What was expected, in words: `200, JSON {"ok":true}`. */
function expectationWords({ status, json, numeric, csvHeader, contentType }: ProbeExpectation): string {
  const member = numeric?.member === undefined ? '' : ` in "${numeric.member}"`;
  return [
    status.join(' or '),
    contentType,
    json && `JSON ${JSON.stringify(json)}`,
    numeric && `at least ${numeric.atLeast} numeric values${member}`,
    csvHeader !== undefined && `CSV header ${csvHeader}`,
  ]
    .filter(Boolean)
    .join(', ');
}

const isAsExpected = (sample: Sample): boolean =>
  isAnswered(sample) && !isServerError(sample) && sample.mismatches.length === 0;

/** Answered as expected and in time. */
const isWhole = (sample: Sample): boolean => isAsExpected(sample) && !isLate(sample);

/** `fail` wherever a request went wrong in any way: the line of a probe is never greener than the findings are. */
function probeVerdict(observation: ProbeObservation): { verdict: ApplicableVerdict; reason?: string } {
  const samples = samplesOf([observation]);
  if (samples.length === 0) return { verdict: 'fail', reason: 'no request was sent' };
  const limit = latencyWords(observation.probe.limitMs);
  const { byMachine, failedByMachine } = explainLate(samples);
  const reasons = samples.flatMap((sample) => {
    const wrong = !isAnswered(sample) || isServerError(sample) || isUnexpected(sample) || sample.mismatches.length > 0;
    return [
      ...(wrong ? [mismatchesOf(sample)] : []),
      ...(isLate(sample) ? [`${latencyWords(sample.latencyMs)} is not under ${limit}`] : []),
    ];
  });
  if (reasons.length === 0) return { verdict: 'pass' };
  const isHidden = samples.every(
    (sample) => isWhole(sample) || failedByMachine.has(sample) || (byMachine.has(sample) && isAsExpected(sample)),
  );
  return { verdict: isHidden ? 'inconclusive' : 'fail', reason: [...new Set(reasons)].join('; ') };
}
