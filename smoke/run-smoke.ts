import type { Probe, ProbeObservation } from '../domain/smoke.ts';
import type { Tokens } from '../domain/system.ts';
import type { ProbeOptions } from './request.ts';
import { runProbe } from './run-probe.ts';

/**
 * Puts every probe to the system, one after the other, and gives the observations in the same order. An answer that is
 * wrong, late or missing is observed, never thrown.
 */
export async function runSmoke(
  baseUrl: string,
  probes: readonly Probe[],
  tokens: Tokens,
  options: ProbeOptions,
): Promise<ProbeObservation[]> {
  const observations: ProbeObservation[] = [];
  for (const probe of probes) observations.push(await runProbe(baseUrl, probe, tokens, options));
  return observations;
}
