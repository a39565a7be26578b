import type { Probe, ProbeSample } from '../domain/smoke.ts';
import { countWords } from './words.ts';

/** A probe with its requests, however they were sent. */
export interface Sampled {
  probe: Probe;
  samples: ProbeSample[];
}

/** A request with the observation that it is part of. */
export interface Sample extends ProbeSample {
  observation: Sampled;
}

/** All requests of the observations, in their order. */
export function samplesOf(observations: readonly Sampled[]): Sample[] {
  return observations.flatMap((observation) => observation.samples.map((sample) => ({ ...sample, observation })));
}

/** A whole answer came. */
export const isAnswered = ({ status, error }: Sample): boolean => status !== undefined && error === undefined;

export const isServerError = ({ status = 0 }: Sample): boolean => status >= 500;

/** The server could not answer since something behind it did not (RFC 9110, 15.6.4 and 15.6.5). */
export const isUnavailable = ({ status }: Sample): boolean => status === 503 || status === 504;

/** Its status is not one of the expected ones, or there is none. */
export const isUnexpected = ({ status, observation }: Sample): boolean =>
  status === undefined || !observation.probe.expect.status.includes(status);

/** It took as long as the limit or longer; a latency that is no number, or below zero, counts as late. */
export const isLate = ({ latencyMs, observation }: Sample): boolean =>
  !(latencyMs >= 0 && latencyMs < observation.probe.limitMs);

/** Its probe expects more of the answer than a status. */
export function hasShape({ observation }: Sample): boolean {
  const { json, numeric, csvHeader, contentType } = observation.probe.expect;
  return [json, numeric, csvHeader, contentType].some((part) => part !== undefined);
}

/** What is wrong with its answer; only for one that is not as expected. */
export function mismatchesOf({ mismatches, status }: Sample): string {
  return mismatches.join('; ') || `status is ${status ?? 'absent'}`;
}

/** A latency as text: whole milliseconds. */
export const latencyWords = (latencyMs: number): string => `${countWords(Math.round(latencyMs))} ms`;
