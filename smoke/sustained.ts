import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { Agent } from 'undici';
import type { SustainedSmoke } from '../domain/runbook.ts';
import type { Probe, ProbeSample, SustainedObservation } from '../domain/smoke.ts';
import type { Tokens } from '../domain/system.ts';
import { maxBodyBytes, requestHeaders, sendRequest, type ProbeOptions } from './request.ts';

export interface SustainedOptions extends ProbeOptions, SustainedSmoke {
  /** How many probes are asked at the same time, each at its own rate; all of them without it. */
  probesAtOnce?: number;
  /** Told now and then how many requests of all probes were sent. */
  onSent?: (requests: number) => void;
}

/**
 * Requests of one probe that are under way at the same time; more of them wait for a connection, their time running. So
 * many that a server which answers within its limit never makes one wait at the rates of a runbook.
 */
const maxInFlight = 256;

/**
 * Puts `requests` requests a probe at a fixed rate, whether or not the earlier ones have been answered (an open loop),
 * and gives the observations in the order of the probes. A latency runs from the instant at which the request was due,
 * not from the one at which it could be sent: a server that stands still for a second makes all requests of that second
 * late, as it does for its users, and not only the one that happened to wait (coordinated omission). It includes up to
 * two milliseconds of our own timer. A wrong, late or missing answer is observed, never thrown; a token that does not
 * exist is a `DrillError` before anything is sent.
 */
export async function runSustained(
  baseUrl: string,
  probes: readonly Probe[],
  tokens: Tokens,
  options: SustainedOptions,
): Promise<SustainedObservation[]> {
  const planned = probes.map((probe) => ({ probe, headers: requestHeaders(probe, tokens) }));
  const atOnce = Math.max(1, options.probesAtOnce ?? planned.length);
  const limit = pLimit(atOnce);
  let total = 0;
  const onRequest = (): void => options.onSent?.((total += 1));
  const outcomes = await Promise.allSettled(
    planned.map(({ probe, headers }, index) => {
      // Side by side, and not all in the same instant: what comes in is as even as the rate says.
      const offsetMs = ((index % atOnce) / atOnce) * (1_000 / options.perSecond);
      return limit(() => runStretch({ baseUrl, probe, headers, options, offsetMs, onRequest }));
    }),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

interface Stretch {
  baseUrl: string;
  probe: Probe;
  headers: Record<string, string>;
  options: SustainedOptions;
  /** Until the first request is due. */
  offsetMs: number;
  onRequest: () => void;
}

async function runStretch(stretch: Stretch): Promise<SustainedObservation> {
  const { baseUrl, probe, headers, options, offsetMs, onRequest } = stretch;
  const { ownDelay, ...sending } = options;
  const { requests, perSecond, clock, signal } = sending;
  const url = new URL(probe.path, baseUrl);
  const dispatcher = new Agent({ connections: maxInFlight, maxResponseSize: maxBodyBytes });
  const sent: Promise<Outcome>[] = [];
  const startedMs = clock.monotonicMs() + offsetMs;
  const dueAt = (index: number): number => startedMs + (index * 1_000) / perSecond;
  const withOwnDelay = (sample: ProbeSample, dueMs: number): ProbeSample => ({
    ...sample,
    ...(ownDelay && { ownDelayMs: ownDelay.within(dueMs, dueMs + sample.latencyMs) }),
  });
  try {
    while (sent.length < requests) {
      const dueMs = dueAt(sent.length);
      await waitUntil(dueMs, options);
      sent.push(outcomeOf(sendRequest({ ...sending, url, probe, headers, dispatcher, dueMs })));
      onRequest();
    }
    const outcomes = await Promise.all(sent);
    signal.throwIfAborted();
    // Asked afterwards, so that it costs nothing of the time that is measured, and what came to light later counts.
    const samples = outcomes.flatMap(({ sample }, index) => (sample ? [withOwnDelay(sample, dueAt(index))] : []));
    return { probe, requests, perSecond, samples };
  } finally {
    await dispatcher.destroy();
    await Promise.all(sent);
  }
}

/** The end of a request that is waited for later: a rejection that nobody has looked at yet would end the process. */
type Outcome = { sample: ProbeSample; error?: never } | { sample?: never; error: unknown };

function outcomeOf(work: Promise<ProbeSample>): Promise<Outcome> {
  return work.then(
    (sample) => ({ sample }),
    (error: unknown) => ({ error }),
  );
}

/** Returns at the instant or right after it, never before; at once when it has passed. */
async function waitUntil(instantMs: number, { clock, signal }: ProbeOptions): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const waitMs = instantMs - clock.monotonicMs();
    if (!(waitMs > 0)) return;
    // A timer of Node may fire a fraction of a millisecond early.
    await sleep(Math.ceil(waitMs), undefined, { signal }).catch(() => undefined);
  }
}
