import { askUntil } from '../domain/ask-until.ts';
import type { DrillContext } from './context.ts';

/** Asks again and again until the answer is yes or the time is over; says which. Throws when the run is interrupted. */
export async function until(
  { clock, signal }: Pick<DrillContext, 'clock' | 'signal'>,
  withinMs: number,
  ask: () => Promise<boolean>,
): Promise<boolean> {
  return (await askUntil(ask, { clock, signal, withinMs })) ?? false;
}
