import { finding, notApplicable, type Finding } from '../domain/finding.ts';
import type { ProbeObservation } from '../domain/smoke.ts';
import { explainLate, heldUpRecommendation, heldUpWords, type Late } from './own-delay.ts';
import {
  hasShape,
  isAnswered,
  isLate,
  isServerError,
  isUnexpected,
  latencyWords,
  mismatchesOf,
  samplesOf,
  type Sample,
} from './smoke-sample.ts';

export { smokeRecord } from './smoke-record.ts';

/** Names of the findings that `judgeSmoke` gives, in its order. */
export const smokeChecks = ['smoke.status', 'smoke.latency', 'smoke.auth', 'smoke.shape'] as const;

/**
 * Judges the probes of one instance: one finding for each of `smokeChecks`, always all four.
 * - `smoke.status`: every request was answered with an expected status, none with 5xx. The statuses of security probes
 *   are left to `smoke.auth`, but for a missing answer and 5xx.
 * - `smoke.latency`: every single request stayed under its limit. Late ones that the machine explains, which held the
 *   harness itself up, are inconclusive; `machine` says in words how busy it was.
 * - `smoke.auth`: every security probe was refused, or let in, as expected.
 * - `smoke.shape`: every answer with an expected status has the expected JSON, numbers, CSV header and content type.
 *
 * What no probe asks for is not applicable; where no answer could be judged the finding is `inconclusive`; no probe or no
 * request at all is a failure.
 */
export function judgeSmoke(observations: readonly ProbeObservation[], machine?: string): Finding[] {
  const samples = samplesOf(observations);
  const late = explainLate(samples);
  return [
    judgeStatus(observations, samples, late, machine),
    judgeLatency(samples, late, machine),
    judgeAuth(observations, samples),
    judgeShape(samples),
  ];
}

function judgeStatus(
  observations: readonly ProbeObservation[],
  samples: Sample[],
  { failedByMachine, ownDelayMs }: Late,
  machine?: string,
): Finding {
  const unasked = observations.filter((observation) => observation.samples.length === 0);
  const wrong = samples.filter(
    (sample) => !isAnswered(sample) || isServerError(sample) || (isUnexpected(sample) && !isSecurity(sample)),
  );
  const told = [...unasked.map(({ probe }) => `${probe.name}: no request was sent`), ...wrong.map(mismatchOf)];
  // What was given up, or waited in vain behind the API, while the harness itself was held up might have been answered.
  const isUnknown = unasked.length === 0 && wrong.length > 0 && wrong.every((sample) => failedByMachine.has(sample));
  return finding('smoke.status', samples.length > 0 && told.length === 0, {
    otherwise: isUnknown ? 'inconclusive' : 'fail',
    expected: 'every request answered with its expected status, none with 5xx',
    actual: samples.length === 0 ? 'no request was sent' : countOf(samples, wrong, 'with a wrong status or no answer'),
    evidence: [...(isUnknown ? [heldUpWords(ownDelayMs, machine)] : []), ...withoutRepeats(told)],
    recommendation: isUnknown
      ? heldUpRecommendation
      : 'Look at the log of the API for the requests that were not answered as expected.',
  });
}

function judgeLatency(samples: Sample[], { byMachine, bySystem, ownDelayMs }: Late, machine?: string): Finding {
  const late = samples.filter(isLate);
  const isHidden = byMachine.size > 0 && bySystem.size === 0;
  const timed = samples.filter((sample) => isAnswered(sample) || isLate(sample));
  const slowestMs = Math.max(...timed.map(({ latencyMs }) => latencyMs));
  return finding('smoke.latency', timed.length > 0 && late.length === 0, {
    expected: `every single request under its limit${commonLimit(samples)}`,
    actual:
      timed.length === 0
        ? 'no request was answered'
        : `${countOf(timed, late, 'at or over the limit')}, slowest ${latencyWords(slowestMs)}`,
    evidence: [
      ...(byMachine.size > 0 ? [heldUpWords(ownDelayMs, machine)] : []),
      ...late.map(
        (sample) => `${nameOf(sample)}: ${latencyWords(sample.latencyMs)} against ${latencyWords(limitOf(sample))}`,
      ),
    ],
    recommendation: isHidden
      ? heldUpRecommendation
      : 'Find out what the slow requests wait for: statistics, missing indexes, cold caches.',
    otherwise: isHidden || (samples.length > 0 && timed.length === 0) ? 'inconclusive' : 'fail',
  });
}

const authExpected = 'every security probe answered as expected: 401 or 403 where access must be refused';

function judgeAuth(observations: readonly ProbeObservation[], samples: Sample[]): Finding {
  const asked = samples.filter(isSecurity);
  if (!observations.some(({ probe }) => probe.security) && samples.length > 0)
    return notApplicable('smoke.auth', authExpected, 'no probe of the runbook asks whether access is refused');
  const told = asked.filter((sample) => isAnswered(sample) && !isServerError(sample));
  const wrong = told.filter(isUnexpected);
  const letIn = wrong.filter(({ status = 0 }) => status >= 200 && status < 300);
  return finding('smoke.auth', asked.length > 0 && told.length === asked.length && wrong.length === 0, {
    expected: authExpected,
    actual:
      asked.length === 0
        ? 'no security probe was put'
        : `${countOf(asked, wrong, 'answered otherwise')}, ${letIn.length} of them let in, ` +
          `${asked.length - told.length} not answered`,
    evidence: withoutRepeats(wrong.map(mismatchOf)),
    recommendation: 'Do not open the system: an endpoint answers without the authentication that it must ask for.',
    otherwise: wrong.length > 0 || samples.length === 0 ? 'fail' : 'inconclusive',
  });
}

const shapeExpected = 'every answer with the expected JSON, numbers, CSV header and content type';

function judgeShape(samples: Sample[]): Finding {
  const answered = samples.filter((sample) => isAnswered(sample) && !isUnexpected(sample));
  const judged = answered.filter((sample) => hasShape(sample) || sample.mismatches.length > 0);
  const wrong = judged.filter(({ mismatches }) => mismatches.length > 0);
  if (samples.length > 0 && judged.length === 0 && !samples.some(hasShape))
    return notApplicable('smoke.shape', shapeExpected, 'no probe of the runbook expects more than a status');
  return finding('smoke.shape', judged.length > 0 && wrong.length === 0, {
    expected: shapeExpected,
    actual:
      judged.length === 0 ? 'no answer had a shape to compare' : countOf(judged, wrong, 'answered in another shape'),
    evidence: withoutRepeats(wrong.map(mismatchOf)),
    recommendation: 'Compare the version of the API with the runbook, and look for data that its answers miss.',
    otherwise: wrong.length > 0 || samples.length === 0 ? 'fail' : 'inconclusive',
  });
}

const isSecurity = ({ observation }: Sample): boolean => observation.probe.security === true;
const limitOf = ({ observation }: Sample): number => observation.probe.limitMs;

function nameOf({ observation: { probe } }: Sample): string {
  return `${probe.name} (${probe.method} ${probe.path})`;
}

function mismatchOf(sample: Sample): string {
  return `${nameOf(sample)}: ${mismatchesOf(sample)}`;
}

function countOf(all: Sample[], bad: Sample[], what: string): string {
  return `${bad.length} of ${all.length} requests ${what}`;
}

function commonLimit(samples: Sample[]): string {
  const limits = [...new Set(samples.map(limitOf))];
  return limits.length === 1 ? ` of ${latencyWords(limits[0] ?? 0)}` : '';
}

function withoutRepeats(lines: string[]): string[] {
  return [...new Set(lines)];
}
