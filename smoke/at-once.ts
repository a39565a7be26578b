import type { SustainedSmoke } from '../domain/runbook.ts';

/** How long a probe took when it was asked alone, and how many processors there are for client, system and stores. */
export interface MachinePace {
  latenciesMs: readonly number[];
  processors: number;
}

/** Even on a busy machine so many are asked side by side: one after the other would show little of a load. */
const atLeast = 4;

/**
 * What the load may keep busy of the processors: the other half is for whatever else runs there. All of it would be measured
 * at the edge, where one more process turns every latency red.
 */
const shareOfProcessors = 0.5;

/**
 * How many probes are asked at the same time: all of them, or as many as the machine sustains at that rate. Requests that
 * are sent one by one keep about one processor busy while they last, since everything runs on one machine; what all
 * probes together would keep busy is their latencies times the rate (Little's law).
 */
export function probesAtOnce(
  { perSecond }: Pick<SustainedSmoke, 'perSecond'>,
  { latenciesMs, processors }: MachinePace,
): number {
  const all = latenciesMs.length;
  const busyProcessors = latenciesMs.reduce((sum, latencyMs) => sum + (latencyMs * perSecond) / 1_000, 0);
  const free = processors * shareOfProcessors;
  if (!(busyProcessors > free)) return all;
  return Math.min(all, Math.max(atLeast, Math.floor((all * free) / busyProcessors)));
}
