import type { DrillContext } from './context.ts';

/** Asks again and again until the answer is yes or the time is over; says which. Throws when the run is interrupted. */
export async function until(
  { clock, signal }: Pick<DrillContext, 'clock' | 'signal'>,
  withinMs: number,
  ask: () => Promise<boolean>,
): Promise<boolean> {
  const startedMs = clock.monotonicMs();
  for (;;) {
    signal.throwIfAborted();
    if (await ask()) return true;
    if (clock.monotonicMs() - startedMs > withinMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
