import { join } from 'node:path';
import { judgeRestored, judgeSwitch, judgeWrites } from '../../checks/availability.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { Fault } from '../../domain/fault.ts';
import type { Finding } from '../../domain/finding.ts';
import type { MarkerChannel } from '../../domain/system.ts';
import { startEarlyAcknowledge, type EarlyAcknowledge } from '../../faults/http-early-acknowledge.ts';
import { apiUrlOf, startApp, stopApp } from '../app.ts';
import type { Outage } from '../availability.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { MarkerWriter } from '../markers.ts';
import { findOutage, letRun } from '../outage.ts';
import { startLoad, watchReturn, watchSwitch, type WatchedLoad } from '../watch-switch.ts';

/** Role of the application that a control starts beside the recovered one, and damages. */
export const controlRole = 'control';

const warmUpMs = 500;
const holdMs = 1_000;

/** The load balancer never takes a failed server out. The fault must strike the application of `controlRole`. */
export function failoverOff(fault: Fault): Control {
  return {
    name: 'failover-off',
    title: 'The load balancer never takes a failed server out',
    expectedCheck: 'availability.failover',
    expectedVerdict: 'fail',
    verify: (context) =>
      besides(context, { failover: false }, async (watched) => {
        const outage = await strike(context, watched, fault);
        return judgeSwitch(await watchSwitch(context, { ...watched, outage, watchMs: 5_000 })).findings;
      }),
    sabotage: { alterApp: (options) => ({ ...options, failover: false }) },
  };
}

/** The failed server is never brought back. The fault must strike the application of `controlRole`. */
export function serverStaysDown(fault: Fault): Control {
  return {
    name: 'server-stays-down',
    title: 'The failed server is never brought back',
    expectedCheck: 'availability.restored',
    expectedVerdict: 'fail',
    verify: (context) =>
      besides(context, {}, async (watched) => {
        const { server } = await strike(context, watched, fault);
        const sinceMs = watched.load.elapsedMs();
        const seen = await watchReturn(context, { ...watched, server, sinceMs, withinMs: 3_000 });
        return [judgeRestored({ server, ...seen })];
      }),
    sabotage: { replaceFault: (replaced) => ({ ...replaced, lift: async () => {} }) },
  };
}

/** Writes are acknowledged a second before the application has them. The fault must strike that of `controlRole`. */
export function writeAcknowledgedEarly(fault: Fault): Control {
  // A run plays one sabotage, and this process one run.
  let played: EarlyAcknowledge | undefined;
  return {
    name: 'write-acknowledged-early',
    title: 'Writes are acknowledged a second before they are made',
    expectedCheck: 'availability.writes',
    expectedVerdict: 'fail',
    alsoRed: ['objectives.rpo.postgres'],
    verify: (context) =>
      besides(context, {}, async (watched) => {
        const { proxy, markers, channel } = await earlyMarkers(context, watched.apiUrl, 500_000_000);
        await letRun(context, holdMs);
        const { injectedAt } = await strike(context, watched, fault);
        proxy.loseHeld();
        await letRun(context, holdMs);
        await markers.stop();
        // What was not lost has to be there before it is looked for.
        await letRun(context, holdMs + warmUpMs);
        return [judgeWrites(markers.acks, await channel.survivors(), [injectedAt])];
      }),
    sabotage: {
      at: {
        running: async (context) => {
          await need(context, 'markers').stop();
          const { proxy, markers } = await earlyMarkers(context, need(context, 'apiUrl'), 1_001);
          context.state.markers = markers;
          played = proxy;
          return `writes by ${markers.channels.map(({ path }) => path).join(', ')} are acknowledged ${holdMs} ms early`;
        },
      },
      replaceFault: (replaced) => ({
        ...replaced,
        inject: async (stack) => {
          await replaced.inject(stack);
          played?.loseHeld();
        },
      }),
    },
  };
}

interface AppOfControl {
  failover?: boolean;
}

/** Starts the application once more, with a load of its own, and ends it when the work is done. */
async function besides(
  context: DrillContext,
  { failover = true }: AppOfControl,
  work: (watched: WatchedLoad) => Promise<Finding[]>,
): Promise<Finding[]> {
  const stores = productionStores(context);
  const apiPort = await need(context, 'stack').freePort();
  const app = await startApp(context, { stores, role: controlRole, apiPort, worker: false, failover });
  try {
    const apiUrl = apiUrlOf(app);
    await using load = startLoad(context, apiUrl);
    await letRun(context, warmUpMs);
    return await work({ load, apiUrl });
  } finally {
    await stopApp(app);
  }
}

/** Injects the fault into the application of the control. */
async function strike(context: DrillContext, watched: WatchedLoad, fault: Fault): Promise<Outage> {
  const { clock } = context;
  const [injectedAt, injectedMs] = [clock.now(), clock.monotonicMs()];
  await fault.inject(need(context, 'stack'));
  return findOutage(context, watched, { fault, injectedAt, injectedMs, detectedMs: clock.monotonicMs() });
}

/** Markers from a number on, through a server that acknowledges them too early. */
async function earlyMarkers(
  context: DrillContext,
  target: string,
  firstSequence: number,
): Promise<{ proxy: EarlyAcknowledge; markers: MarkerWriter; channel: MarkerChannel }> {
  const access = { ...productionStores(context), tokens: need(context, 'tokens') };
  const [channel] = context.system.markerChannels({ ...access, apiUrl: target });
  const path = /^POST (\S+)$/.exec(channel?.path ?? '')?.[1];
  if (channel === undefined || path === undefined) {
    throw new DrillError({
      code: 'configuration',
      what: 'there are no markers that could be acknowledged too early',
      expected: 'markers by one POST',
      actual: channel?.path ?? 'no markers',
    });
  }
  const proxy = await startEarlyAcknowledge({ target, path, holdMs });
  context.disposables.push(proxy);
  const markers = new MarkerWriter({
    channels: context.system.markerChannels({ ...access, apiUrl: proxy.url }).slice(0, 1),
    journal: join(context.recorder.directory, 'markers.jsonl'),
    clock: context.clock,
    firstSequence,
  });
  context.disposables.push(markers);
  markers.start();
  return { proxy, markers, channel };
}
