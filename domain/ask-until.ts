import pRetry, { AbortError } from 'p-retry';
import type { Clock } from './clock.ts';

export interface Patience {
  /** How long it is asked again; Infinity for as long as the signal lets it. */
  withinMs: number;
  clock: Clock;
  signal?: AbortSignal | undefined;
  /** Pause after the first answer; each one is half as long again as the one before, up to the longest. */
  firstPauseMs?: number;
  longestPauseMs?: number;
}

/**
 * The one way to wait for something: asks again and again until the answer is something other than `undefined` and
 * `false`, and gives it; `undefined` once the time is over. There is a pause after each answer, and it grows, so that what
 * is slow to come is not slowed down further by being asked. What `ask` throws ends the waiting, and so does the signal,
 * with its reason.
 */
export async function askUntil<T>(
  ask: (attempt: number) => Promise<T | undefined | false> | T | undefined | false,
  { withinMs, clock, signal, firstPauseMs = 15, longestPauseMs = 250 }: Patience,
): Promise<T | undefined> {
  const startedMs = clock.monotonicMs();
  const notYet = new Error('not yet');
  try {
    return await pRetry(
      async (attempt) => {
        const answer = await answerOf(ask, attempt);
        if (answer !== undefined && answer !== false) return answer;
        throw notYet;
      },
      {
        retries: Infinity,
        minTimeout: firstPauseMs,
        factor: 1.5,
        maxTimeout: longestPauseMs,
        shouldRetry: () => clock.monotonicMs() - startedMs < withinMs,
        ...(signal && { signal }),
      },
    );
  } catch (error) {
    if (error === notYet) return undefined;
    throw error instanceof Thrown ? error.thrown : error;
  }
}

/** What was thrown, whatever it is, on its way through a library that takes some errors for passing ones. */
class Thrown extends Error {
  readonly thrown: unknown;
  constructor(thrown: unknown) {
    super('asking failed');
    this.thrown = thrown;
  }
}

async function answerOf<T>(ask: (attempt: number) => T, attempt: number): Promise<Awaited<T>> {
  try {
    return await ask(attempt);
  } catch (error) {
    throw new AbortError(new Thrown(error));
  }
}
