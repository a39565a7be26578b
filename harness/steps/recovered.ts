import { judgeAnotherServer } from '../../checks/another-server.ts';
import { judgeResumption } from '../../checks/resumption.ts';
import { judgeSmoke } from '../../checks/smoke.ts';
import { messageOf } from '../../domain/drill-error.ts';
import type { MarkerChannel } from '../../domain/system.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { machineLoad } from '../../smoke/own-delay.ts';
import { factsOfServing, watchedStores } from '../service-facts.ts';
import { askHeartbeat, heartbeatSinceMs } from '../worker-heartbeat.ts';
import { askProbes } from './probes.ts';

/** Each store takes a write again through its real path, and the worker gives a sign of life. */
export const operationsResume: DrillStep = {
  name: 'resume',
  title: 'Operations resume: every store takes a write, the worker lives',
  phase: 'resume',
  async execute(context) {
    const { system, signal } = context;
    const stores = productionStores(context);
    const access = { ...stores, apiUrl: need(context, 'apiUrl'), tokens: need(context, 'tokens') };
    const writes = [];
    for (const channel of system.markerChannels(access)) {
      // Far above the markers of before the fault, so that it is not taken for one of them.
      const error = await writeAndFind(channel, signal).catch((reason: unknown) => messageOf(reason));
      writes.push({ store: channel.store, path: channel.path, ...(error !== undefined && { error }) });
    }
    const heartbeat = await askHeartbeat(context, { sinceMs: heartbeatSinceMs(context) });
    context.judge(judgeResumption({ writes, ...(heartbeat && { heartbeat }) }));
    await judgeServers(context);
  },
};

/** What was acknowledged must be in the store that serves now: the application may still write into another one. */
async function writeAndFind(channel: MarkerChannel, signal: AbortSignal): Promise<string | undefined> {
  await channel.write(resumeMarker, signal);
  const isThere = (await channel.survivors()).includes(resumeMarker);
  return isThere ? undefined : 'acknowledged, but it is not in the store that serves now';
}

/** The stores that serve now against those that the fault has destroyed. */
async function judgeServers(context: DrillContext): Promise<void> {
  const now = await factsOfServing(
    watchedStores({
      postgres: need(context, 'database'),
      objects: need(context, 'objects'),
      search: need(context, 'search'),
    }),
    context,
  );
  const finding = judgeAnotherServer(context.fault.claims, need(context, 'factsBefore'), now);
  if (finding) context.judge([finding]);
}

/** Number of the marker that is written after the recovery. */
export const resumeMarker = 1_000_000_000;

/** The probes of the runbook against the recovered system. With the last of them the RTO ends. */
export const smokeAfterRecovery: DrillStep = {
  name: 'smoke',
  title: 'Smoke: every probe of the runbook against the recovered system',
  phase: 'resume',
  async execute(context) {
    const observations = await askProbes(context, 'recovered', need(context, 'apiUrl'));
    context.recorder.phases.freeze();
    context.judge(judgeSmoke(observations, machineLoad()));
  },
};
