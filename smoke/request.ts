import { request, type Dispatcher } from 'undici';
import type { Clock } from '../domain/clock.ts';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { Probe, ProbeSample } from '../domain/smoke.ts';
import type { Tokens } from '../domain/system.ts';
import { compareResponse } from './compare-response.ts';

export interface ProbeOptions {
  clock: Clock;
  /** Ends the probing: what has been observed is dropped and the reason of the abort is thrown. */
  signal: AbortSignal;
  /**
   * How long after a probe's limit a request is given up, in milliseconds: long enough to say by how much it is late,
   * short enough that a hung server does not hang the drill.
   */
  graceMs?: number;
  /** Measures how long the harness itself is held up. */
  ownDelay?: { within(fromMs: number, untilMs: number): number } | undefined;
}

/** A body of more than this is not read to its end. */
export const maxBodyBytes = 10 * 1024 * 1024;

export interface ProbeRequest extends ProbeOptions {
  url: URL;
  probe: Probe;
  headers: Record<string, string>;
  dispatcher: Dispatcher;
  /** Monotonic instant at which it was due: the latency is counted from it, and not from the instant of sending. */
  dueMs?: number;
}

/**
 * Sends one request of a probe and times it until its body was read. It is never sent again; that it was not answered
 * in time, or not at all, is observed and never thrown.
 */
export async function sendRequest({
  url,
  probe,
  headers,
  dispatcher,
  clock,
  signal,
  graceMs = 3_000,
  dueMs,
  ownDelay,
}: ProbeRequest): Promise<ProbeSample> {
  signal.throwIfAborted();
  const timeLimitMs = probe.limitMs + graceMs;
  const lagMs = dueMs === undefined ? 0 : clock.monotonicMs() - dueMs;
  const ending = new AbortController();
  const giveUp = (): void => ending.abort();
  // `AbortSignal.timeout` and `any` cost as much as the rest of a request, and such a timer outlives the answer.
  const timer = setTimeout(giveUp, Math.max(1, Math.ceil(timeLimitMs - lagMs)));
  signal.addEventListener('abort', giveUp, { once: true });
  const body = probe.body === undefined ? null : JSON.stringify(probe.body);
  const sinceMs = dueMs ?? clock.monotonicMs();
  let status: number | undefined;
  const timed = (): Pick<ProbeSample, 'latencyMs' | 'ownDelayMs'> => {
    const nowMs = clock.monotonicMs();
    return { latencyMs: nowMs - sinceMs, ...(ownDelay && { ownDelayMs: ownDelay.within(sinceMs, nowMs) }) };
  };
  try {
    const response = await request(url, {
      dispatcher,
      method: probe.method,
      headers,
      body,
      signal: ending.signal,
    });
    status = response.statusCode;
    const text = await response.body.text();
    const times = timed();
    const contentType = [response.headers['content-type']].flat()[0];
    return { ...times, status, mismatches: compareResponse(probe.expect, { status, contentType, text }) };
  } catch (error) {
    signal.throwIfAborted();
    const times = timed();
    const isOverdue = ending.signal.aborted;
    const reason = isOverdue ? `no complete answer within ${timeLimitMs} ms` : failureOf(error);
    return {
      ...times,
      error: reason,
      mismatches: [noAnswer(reason, status)],
      ...(isOverdue && { gaveUp: true }),
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/**
 * The headers of a probe's requests. A token that does not exist is a `DrillError` (`configuration`).
 */
export function requestHeaders(probe: Probe, tokens: Tokens): Record<string, string> {
  const content: Record<string, string> = probe.body === undefined ? {} : { 'content-type': 'application/json' };
  if (probe.token === undefined) return content;
  const token = Object.hasOwn(tokens, probe.token) ? tokens[probe.token] : undefined;
  if (token === undefined) {
    throw new DrillError({
      code: 'configuration',
      what: `smoke probe ${probe.name} names a token that does not exist`,
      expected: `one of ${Object.keys(tokens).join(', ') || '(the system has no tokens)'}`,
      actual: probe.token,
      where: `${probe.method} ${probe.path}`,
    });
  }
  return { ...content, authorization: `Bearer ${token}` };
}

/** Why a request failed, in words: undici wraps what the socket said. */
export function failureOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return messageOf(cause) || code || 'the request failed';
}

function noAnswer(reason: string, status: number | undefined): string {
  return status === undefined ? `no answer: ${reason}` : `the answer (status ${status}) broke off: ${reason}`;
}
