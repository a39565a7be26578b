import { judgeRpo, judgeRto } from '../../checks/objectives.ts';
import { DrillError } from '../../domain/drill-error.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { resumeMarker } from './recovered.ts';

/** Holds what was measured against the objectives: RTO by phases, RPO of each store by its surviving markers. */
export const objectives: DrillStep = {
  name: 'objectives',
  title: 'Judge RTO and RPO against the objectives',
  phase: 'hand-over',
  async execute(context) {
    judgeTime(context);
    await judgeLoss(context);
    recordRecoveryPoints(context);
  },
};

function judgeTime(context: DrillContext): void {
  const { record, recorder, runbook, scenario } = context;
  const { injectedMs } = need(context, 'fault');
  const targetMs = objectiveOf(context, scenario.service).rtoMs;
  const totalMs = recorder.phases.totalMs();
  if (totalMs === undefined) {
    throw new DrillError({
      code: 'internal',
      what: 'the recovery has no end',
      expected: 'a smoke step before this one',
    });
  }
  const { findings, rto } = judgeRto({
    phases: recorder.phases.phases(),
    totalMs,
    targetMs,
    fromFaultMs: recorder.phases.endedMs() - injectedMs,
    steps: record.steps,
    ...(context.state.recovery && { restoreDurationMs: context.state.recovery.durationMs }),
  });
  record.rto = rto;
  context.recorder.judge('hand-over', findings);
  context.progress().info(`RTO ${(totalMs / 1000).toFixed(1)} s for ${runbook.services[scenario.service]?.title}`);
}

async function judgeLoss(context: DrillContext): Promise<void> {
  const { record, runbook, system } = context;
  const { injectedAt } = need(context, 'fault');
  const { acks } = need(context, 'markers');
  const access = { ...productionStores(context), apiUrl: need(context, 'apiUrl'), tokens: need(context, 'tokens') };
  for (const channel of system.markerChannels(access)) {
    const backupEveryMs = runbook.services[serviceOf(channel.store)]?.backupEveryMs;
    const survivors = (await channel.survivors()).filter((sequence) => sequence !== resumeMarker);
    const { finding, rpo } = judgeRpo({
      store: channel.store,
      path: channel.path,
      acks: acks.filter((ack) => ack.store === channel.store),
      survivors,
      faultAt: injectedAt,
      targetMs: objectiveOf(context, serviceOf(channel.store)).rpoMs,
      ...(backupEveryMs !== undefined && { scheduleAllowsMs: backupEveryMs }),
    });
    record.rpo.push(rpo);
    context.recorder.judge('hand-over', [finding]);
    context.progress().info(`${channel.store}: ${rpo.lostWrites} of ${rpo.acknowledged} acknowledged writes lost`);
  }
}

/** Where the content of each store came from, as the steps that ran have it. */
function recordRecoveryPoints({ record, scenario, state }: DrillContext): void {
  const done = new Set(record.steps.filter(({ status }) => status === 'executed').map(({ id }) => id));
  const executed = new Set(scenario.steps.filter(({ id }) => done.has(id)).map(({ action }) => action));
  const restored = state.recovery?.restorePoint.manifest;
  record.recoveryPoints = [
    restored
      ? { store: 'postgres', source: 'backup', detail: `backup ${restored.id}`, coveredAt: restored.coveredAt }
      : { store: 'postgres', source: 'survived', detail: 'the fault did not reach it' },
    { store: 'objects', source: 'survived', detail: 'the fault did not reach it' },
    executed.has('reindex-search')
      ? {
          store: 'search',
          source: 'rebuilt',
          detail: 'rebuilt from the database',
          ...(restored && { coveredAt: restored.coveredAt }),
        }
      : { store: 'search', source: 'survived', detail: 'the fault did not reach it' },
  ];
}

/** Services of a runbook are named after what they are to people; these are the ones that stores stand for. */
function serviceOf(store: string): string {
  return { postgres: 'database', objects: 'storage', search: 'search' }[store] ?? store;
}

function objectiveOf({ runbook }: DrillContext, service: string): { rtoMs: number; rpoMs: number } {
  return runbook.services[service]?.objective ?? runbook.objective;
}
