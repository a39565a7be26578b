import { judgeResumption } from '../../checks/resumption.ts';
import { judgeSmoke } from '../../checks/smoke.ts';
import { messageOf } from '../../domain/drill-error.ts';
import { need, productionStores } from '../context.ts';
import type { DrillStep } from '../definition.ts';
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
      const error = await channel.write(resumeMarker, signal).then(
        () => undefined,
        (reason: unknown) => messageOf(reason),
      );
      writes.push({ store: channel.store, path: channel.path, ...(error !== undefined && { error }) });
    }
    const heartbeat = system.workerHeartbeatAgeMs && {
      heartbeatAgeMs: (await system.workerHeartbeatAgeMs(stores)) ?? ('none' as const),
    };
    context.judge(judgeResumption({ writes, ...heartbeat }));
  },
};

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
    context.judge(judgeSmoke(observations));
  },
};
