import prettyMilliseconds from 'pretty-ms';
import type { Clock } from '../domain/clock.ts';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { ServiceName } from '../domain/service.ts';
import { askUntil } from '../domain/ask-until.ts';

/** How a process ended. */
export interface ProcessExit {
  code: number | undefined;
  signal: NodeJS.Signals | undefined;
}

export interface WaitOptions {
  timeoutMs: number;
  clock: Clock;
  signal?: AbortSignal | undefined;
  /** The last lines of the service's log, without secrets. */
  logTail?: () => Promise<string>;
  /** Settles when the process of the service has ended; then waiting is over. */
  exited?: Promise<ProcessExit>;
  /** Which instance of the service, for the message. */
  role?: string;
}

/**
 * Asks `probe` again and again until it gives something other than `undefined` and `false`, and returns that. What it
 * throws counts as "not yet". `probe` is given a signal that aborts when the waiting is over.
 *
 * Throws one `DrillError` (`service-start`) on time-out and, at once, when the process has ended: it names the
 * service, what was waited for, how long, and quotes the end of the log. An abort by the caller is `interrupted`.
 */
export async function waitUntil<T>(
  service: ServiceName,
  whatFor: string,
  probe: (signal: AbortSignal) => Promise<T | undefined | false>,
  options: WaitOptions,
): Promise<T> {
  const { timeoutMs, clock, signal, exited } = options;
  const startedMs = clock.monotonicMs();
  const over = new AbortController();
  const ends: Promise<Ending>[] = [ending('timeout', delay(timeoutMs, over.signal))];
  if (exited !== undefined) ends.push(exited.then((exit) => ({ kind: 'exited', exit })));
  if (signal !== undefined) ends.push(ending('aborted', aborted(signal, over.signal)));
  let lastError: unknown;

  const asked = async (): Promise<{ kind: 'answered'; value: T } | undefined> => {
    try {
      const value = await probe(over.signal);
      if (value !== undefined && value !== false) return { kind: 'answered', value };
    } catch (error) {
      lastError = error;
    }
    return undefined;
  };
  // Its end is said by the others.
  const answered = askUntil(asked, { clock, withinMs: Infinity, signal: over.signal });
  // Rejects when the race was won by another: nobody listens then.
  answered.catch(() => undefined);

  try {
    const first = await Promise.race([answered, ...ends]);
    if (first?.kind === 'answered') return first.value;
    throw await failure(first ?? { kind: 'timeout' }, {
      service,
      whatFor,
      lastError,
      waitedMs: clock.monotonicMs() - startedMs,
      options,
    });
  } finally {
    over.abort();
  }
}

type Ending = { kind: 'timeout' } | { kind: 'aborted' } | { kind: 'exited'; exit: ProcessExit };

interface Failure {
  service: ServiceName;
  whatFor: string;
  lastError: unknown;
  waitedMs: number;
  options: WaitOptions;
}

async function failure(end: Ending, facts: Failure): Promise<DrillError> {
  const { service, whatFor, lastError, options } = facts;
  const name = options.role === undefined ? service : `${service} (${options.role})`;
  const waited = prettyMilliseconds(facts.waitedMs);
  if (end.kind === 'aborted') {
    const what = `the start of ${name} was interrupted after ${waited}`;
    return new DrillError({ code: 'interrupted', service, what, cause: options.signal?.reason });
  }
  const lastAnswer = lastError === undefined ? '' : `; last answer: ${messageOf(lastError)}`;
  const log = (await options.logTail?.()) ?? '';
  return new DrillError({
    code: 'service-start',
    service,
    what: `${name} did not start`,
    expected: whatFor,
    actual: end.kind === 'timeout' ? `not within ${waited}${lastAnswer}` : `${describeExit(end.exit)} after ${waited}`,
    ...(options.logTail && { hint: log === '' ? 'Its log is empty.' : `The end of its log:\n${indent(log)}` }),
    cause: lastError,
  });
}

/** How a process ended, as the end of a sentence. */
function describeExit({ code, signal }: ProcessExit): string {
  return signal === undefined ? `it exited with code ${code ?? 'unknown'}` : `it was ended by ${signal}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

async function ending(kind: 'timeout' | 'aborted', event: Promise<void>): Promise<Ending> {
  await event;
  return { kind };
}

function delay(durationMs: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    over.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}

function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
}
