import type { Resumption } from '../checks/resumption.ts';
import { need, productionStores, type DrillContext } from './context.ts';
import { until } from './until.ts';

/** How long a worker that was started may take to give its next sign of life. */
const beatWithinMs = 10_000;

/** Monotonic instant from which a worker must have given a sign of life: its start, or the fault where it ran on. */
export function heartbeatSinceMs(context: DrillContext): number {
  return Math.max(need(context, 'app').startedMs, need(context, 'fault').injectedMs);
}

/**
 * The last sign of life of the worker, beside the time since an instant of the monotonic clock. One of after it is waited
 * for. Undefined for a system without workers.
 */
export async function askHeartbeat(
  context: DrillContext,
  { sinceMs, waitMs = beatWithinMs }: { sinceMs: number; waitMs?: number },
): Promise<Resumption['heartbeat']> {
  const { system, clock } = context;
  const ask = system.workerHeartbeatAgeMs?.bind(system);
  if (ask === undefined) return undefined;
  let heartbeat: NonNullable<Resumption['heartbeat']> = { ageMs: 'none', sinceMs: 0 };
  await until(context, waitMs, async () => {
    // Before the question: the answer must not be younger than the time that it is held against.
    const passedMs = clock.monotonicMs() - sinceMs;
    heartbeat = { ageMs: (await ask(productionStores(context))) ?? 'none', sinceMs: passedMs };
    return heartbeat.ageMs !== 'none' && heartbeat.ageMs < passedMs;
  });
  return heartbeat;
}
