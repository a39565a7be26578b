import { failoverMs, requestsWithin, servedBy, type SwitchObservation } from '../checks/availability.ts';
import type { LoadSample } from '../domain/availability.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { ServerState } from '../domain/system.ts';
import { SteadyLoad } from '../smoke/steady-load.ts';
import { need, productionStores, type DrillContext } from './context.ts';
import { availabilityOf, bucketMs, type Outage } from './availability.ts';
import { askUntil } from '../domain/ask-until.ts';

/** How long requests have to be free of failures. */
const quietMs = 3_000;
/**
 * How long a failover is waited for. Load balancers check their servers every few seconds; to wait for the whole
 * budget where nothing happens would only make the red run longer, and its finding says how long was watched.
 */
const watchAtMostMs = 20_000;
const returnWithinMs = 20_000;
const everyMs = 100;

/** What requests are watched, and where the load balancer is asked. */
export interface WatchedLoad {
  load: SteadyLoad;
  apiUrl: string;
}

/** Sends the runbook's requests at its rate to an address, from now on. */
export function startLoad(context: DrillContext, baseUrl: string): SteadyLoad {
  const { runbook, clock } = context;
  const { requestsPerSecond, probes, servedBy: servedByHeader } = availabilityOf(context);
  const load = new SteadyLoad({
    baseUrl,
    probes: runbook.smoke.probes.filter(({ name }) => name in probes),
    tokens: need(context, 'tokens'),
    perSecond: requestsPerSecond,
    clock,
    servedByHeader,
  });
  context.disposables.push(load);
  load.start();
  return load;
}

/** The servers behind a load balancer; a `DrillError` (`configuration`) for a system without one. */
export async function serversBehind(context: DrillContext, apiUrl: string): Promise<ServerState[]> {
  const { system } = context;
  const access = { ...productionStores(context), apiUrl, tokens: need(context, 'tokens') };
  const servers = await system.servers?.(access);
  if (servers) return servers;
  throw new DrillError({ code: 'configuration', what: `${system.title} has no servers behind a load balancer` });
}

/** Watches requests from a fault on until the failover is done, or the time for it is over. */
export async function watchSwitch(
  context: DrillContext,
  { load, apiUrl, outage, watchMs = watchAtMostMs }: WatchedLoad & { outage: Outage; watchMs?: number },
): Promise<SwitchObservation> {
  const { faultAtMs, fault, server } = outage;
  const { outageLimitMs, errorShareLimit } = availabilityOf(context);
  const budgetMs = budgetOf(context);
  const endMs = faultAtMs + Math.min(budgetMs, watchMs);
  const sinceMs = context.clock.monotonicMs();
  const { ownDelay } = context.state;
  const watched = async (): Promise<SwitchObservation | undefined> => {
    const watchedUntilMs = load.elapsedMs();
    const within = requestsWithin(load.samples, faultAtMs, watchedUntilMs);
    const failed = within.filter(({ failure }) => failure !== undefined);
    const inRotation = namesInRotation(await serversBehind(context, apiUrl));
    const isDone =
      failoverMs({ faultAtMs, watchedUntilMs, quietMs }, within, failed) !== undefined && !inRotation.includes(server);
    if (!isDone && watchedUntilMs <= endMs) return undefined;
    return {
      fault: fault.title,
      server,
      faultAtMs,
      samples: [...load.samples],
      watchedUntilMs,
      quietMs,
      budgetMs,
      inRotation,
      bucketMs,
      outageLimitMs,
      errorShareLimit,
      ...(ownDelay && { ownDelayMs: ownDelay.within(sinceMs, context.clock.monotonicMs()) }),
    };
  };
  return ofWatching(await askUntil(watched, patience(context)));
}

/** Watches requests from an instant on until a server answers them again, or the time for it is over. */
export async function watchReturn(
  context: DrillContext,
  {
    load,
    apiUrl,
    server,
    sinceMs,
    withinMs = returnWithinMs,
  }: WatchedLoad & { server: string; sinceMs: number; withinMs?: number },
): Promise<{ answers: Record<string, number>; inRotation: string[]; firstAnswerMs?: number }> {
  const watched = async () => {
    const late = load.elapsedMs() > sinceMs + withinMs;
    const since = load.samples.filter(({ atMs, failure }) => atMs >= sinceMs && failure === undefined);
    const inRotation = namesInRotation(await serversBehind(context, apiUrl));
    const first = since.find((sample) => sample.servedBy === server);
    if (!late && !(first && inRotation.includes(server))) return undefined;
    return { answers: servedBy(since), inRotation, ...(first && { firstAnswerMs: endOf(first) }) };
  };
  return ofWatching(await askUntil(watched, patience(context)));
}

/** When it ends is said by what is watched, on the clock of the load. The instant of a switch is told to a tenth of a second. */
function patience({ clock, signal }: DrillContext) {
  return { clock, signal, withinMs: Infinity, firstPauseMs: everyMs, longestPauseMs: everyMs };
}

function ofWatching<T>(seen: T | undefined): T {
  if (seen !== undefined) return seen;
  throw new DrillError({ code: 'internal', what: 'the watching ended without a result' });
}

/** What the runbook gives the step that fails over; without a budget the accepted outage. */
function budgetOf(context: DrillContext): number {
  const step = context.scenario.steps.find(({ action }) => action === 'await-failover');
  return step?.budgetMs ?? availabilityOf(context).outageLimitMs;
}

function namesInRotation(servers: readonly ServerState[]): string[] {
  return servers.filter(({ inRotation }) => inRotation).map(({ name }) => name);
}

function endOf({ atMs, latencyMs }: LoadSample): number {
  return atMs + latencyMs;
}
