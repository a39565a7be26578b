/** The only source of time. Durations come from the monotonic clock, instants from the wall clock. */
export interface Clock {
  /** Wall clock: for instants that are written down. */
  now(): Date;
  /** Milliseconds of a clock that never goes back: for durations. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

/** Runs `work` and says how long it took by the monotonic clock. */
export async function timed<T>(clock: Clock, work: () => Promise<T>): Promise<{ value: T; durationMs: number }> {
  const startedMs = clock.monotonicMs();
  const value = await work();
  return { value, durationMs: clock.monotonicMs() - startedMs };
}
