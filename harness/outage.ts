import { setTimeout as sleep } from 'node:timers/promises';
import { judgeRestored, judgeSwitch, servedBy } from '../checks/availability.ts';
import { bucketsOf } from '../checks/availability-buckets.ts';
import type { AvailabilityEvent } from '../domain/availability.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { Fault } from '../domain/fault.ts';
import { availabilityOf, bucketMs, type Outage } from './availability.ts';
import { need, type DrillContext } from './context.ts';
import { serversBehind, watchReturn, watchSwitch, type WatchedLoad } from './watch-switch.ts';

/** A fault that was injected just now, by the wall clock and the monotonic one. */
export interface Struck {
  fault: Fault;
  injectedAt: Date;
  injectedMs: number;
  detectedMs: number;
}

/** Asks the load balancer which server has failed, and opens the book of this outage. */
export async function openOutage(context: DrillContext, struck: Struck): Promise<void> {
  const outage = await findOutage(context, { load: need(context, 'load'), apiUrl: need(context, 'apiUrl') }, struck);
  context.state.outages = [...(context.state.outages ?? []), outage];
}

/** Asks the load balancer at an address which of its servers has failed: one must have, and one must be left. */
export async function findOutage(
  context: DrillContext,
  { load, apiUrl }: WatchedLoad,
  { fault, injectedAt, injectedMs, detectedMs }: Struck,
): Promise<Outage> {
  const servers = await serversBehind(context, apiUrl);
  for (const { name, answers, inRotation } of servers) {
    const state = `${answers ? 'answers' : 'does not answer'}, ${inRotation ? 'in' : 'out of'} rotation`;
    context.progress().info(`${name}: ${state}`);
  }
  const failed = servers.filter(({ answers }) => !answers);
  const [server] = failed;
  if (server === undefined || failed.length > 1 || failed.length === servers.length) {
    throw new DrillError({
      code: 'fault-did-not-bite',
      what: 'there is nothing to fail over from, or nothing to fail over to',
      expected: 'one server that does not answer, and another one that does',
      actual: `${failed.length} of ${servers.length} do not answer`,
    });
  }
  return {
    fault,
    server: server.name,
    injectedAt,
    faultAtMs: load.instantOf(injectedMs),
    detectedAtMs: load.instantOf(detectedMs),
  };
}

/** The outage that is being recovered from. */
function currentOutage(context: DrillContext): Outage {
  const outage = need(context, 'outages').at(-1);
  if (outage) return outage;
  throw new DrillError({ code: 'internal', what: 'no server has failed yet' });
}

/** Waits until clients see no errors any more, and judges what they saw until then. */
export async function failOver(context: DrillContext): Promise<void> {
  const outage = currentOutage(context);
  const load = need(context, 'load');
  const observation = await watchSwitch(context, { load, apiUrl: need(context, 'apiUrl'), outage });
  const { findings, record } = judgeSwitch(observation);
  outage.switch = record;
  outage.watchedUntilMs = observation.watchedUntilMs;
  recordAvailability(context);
  context.judge(findings);
  const took = record.failedOverAfterMs === undefined ? 'did not end' : `${Math.round(record.failedOverAfterMs)} ms`;
  context.progress().info(`${record.failed} of ${record.requests} requests failed; errors from the fault on: ${took}`);
}

/** Undoes what was done to the server and waits until clients are served by it again. */
export async function bringBack(context: DrillContext): Promise<void> {
  const outage = currentOutage(context);
  const load = need(context, 'load');
  const sinceMs = load.elapsedMs();
  await outage.fault.lift(need(context, 'stack'));
  const { answers, inRotation, firstAnswerMs } = await watchReturn(context, {
    load,
    apiUrl: need(context, 'apiUrl'),
    server: outage.server,
    sinceMs,
  });
  if (outage.switch && firstAnswerMs !== undefined) outage.switch.restoredAfterMs = firstAnswerMs - outage.faultAtMs;
  recordAvailability(context);
  context.judge([judgeRestored({ server: outage.server, answers, inRotation })]);
  const words = Object.entries(answers).map(([name, count]) => `${name} ${count}`);
  context.progress().info(`answered since: ${words.join(', ')}`);
}

/** Lets the load go on for a while. */
export async function letRun({ signal }: DrillContext, durationMs: number): Promise<void> {
  await sleep(durationMs, undefined, { signal });
}

/** How many requests each server answered so far. */
export function answeredBy(context: DrillContext): Record<string, number> {
  return servedBy(need(context, 'load').samples);
}

/** Writes into the record what clients saw so far. */
export function recordAvailability(context: DrillContext): void {
  const { requestsPerSecond, probes, outageLimitMs, errorShareLimit } = availabilityOf(context);
  const outages = context.state.outages ?? [];
  context.record.availability = {
    perSecond: requestsPerSecond,
    probes: Object.keys(probes),
    bucketMs,
    outageLimitMs,
    errorShareLimit,
    buckets: bucketsOf(need(context, 'load').samples, bucketMs),
    events: outages.flatMap(eventsOf),
    switches: outages.flatMap((outage) => outage.switch ?? []),
  };
}

function eventsOf({ fault, server, faultAtMs, detectedAtMs, switch: judged }: Outage): AvailabilityEvent[] {
  const { failedOverAfterMs, restoredAfterMs } = judged ?? {};
  return [
    { atMs: faultAtMs, kind: 'fault', text: fault.title },
    { atMs: detectedAtMs, kind: 'detected', text: `the monitoring saw that ${server} had failed` },
    ...(failedOverAfterMs === undefined
      ? []
      : [{ atMs: faultAtMs + failedOverAfterMs, kind: 'failed-over' as const, text: 'the last request failed' }]),
    ...(restoredAfterMs === undefined
      ? []
      : [{ atMs: faultAtMs + restoredAfterMs, kind: 'restored' as const, text: `${server} answered again` }]),
  ];
}
