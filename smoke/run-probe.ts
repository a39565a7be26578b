import { Agent } from 'undici';
import type { Probe, ProbeObservation, ProbeSample } from '../domain/smoke.ts';
import type { Tokens } from '../domain/system.ts';
import { maxBodyBytes, requestHeaders, sendRequest, type ProbeOptions } from './request.ts';

/**
 * Sends the probe's requests one after the other over a connection of their own. Each is timed once, from sending it
 * until its body was read, and never sent again. A token that does not exist is a `DrillError` before anything is sent.
 */
export async function runProbe(
  baseUrl: string,
  probe: Probe,
  tokens: Tokens,
  options: ProbeOptions,
): Promise<ProbeObservation> {
  const headers = requestHeaders(probe, tokens);
  const url = new URL(probe.path, baseUrl);
  const agent = new Agent({ connections: 1, maxResponseSize: maxBodyBytes });
  try {
    const samples: ProbeSample[] = [];
    while (samples.length < probe.requests) {
      samples.push(await sendRequest({ ...options, url, probe, headers, dispatcher: agent }));
    }
    return { probe, samples };
  } finally {
    await agent.destroy();
  }
}
