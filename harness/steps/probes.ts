import { smokeRecord } from '../../checks/smoke-record.ts';
import type { ProbeObservation } from '../../domain/smoke.ts';
import type { Tokens } from '../../domain/system.ts';
import { need, type DrillContext } from '../context.ts';
import { sendProbes } from '../verifications.ts';

/** Asks every probe of the runbook at an address; a line of the record each, under the name of what was asked. */
export async function askProbes(
  context: DrillContext,
  target: string,
  apiUrl: string,
  tokens: Tokens = need(context, 'tokens'),
): Promise<ProbeObservation[]> {
  const { runbook, record } = context;
  const observations = await sendProbes(context, { apiUrl, probes: runbook.smoke.probes, tokens });
  const sent = observations.reduce((sum, { samples }) => sum + samples.length, 0);
  const instant = target === 'recovered' && { instant: 'last-probe' };
  context.progress().info(`${sent} requests to ${observations.length} probes are answered`, { ...instant });
  record.smoke.push(...observations.map((observation) => smokeRecord(target, observation)));
  return observations;
}
