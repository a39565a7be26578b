import { judgeRecoveryClock } from '../../checks/clocks.ts';
import {
  judgeRpo,
  judgeRto,
  judgeServiceTimes,
  type RpoObservation,
  type ServiceTime,
} from '../../checks/objectives.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { Runbook, RunbookService } from '../../domain/runbook.ts';
import type { StoreName } from '../../domain/service.ts';
import type { MarkerChannel } from '../../domain/system.ts';
import { recoveryPhases, type RecoveryPhase } from '../../domain/timeline.ts';
import { actions } from '../actions/index.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { isGraph } from '../step-graph.ts';
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
    required: requiredPhases(context),
    ...ownDelayOf(context, injectedMs),
    ...(context.state.recovery && { restoreDurationMs: context.state.recovery.durationMs }),
  });
  record.rto = rto;
  const services = judgeServiceTimes(serviceTimes(context));
  if (services.lines.length > 0) record.rtoByService = services.lines;
  context.judge([...findings, judgeRecoveryClock(recorder.timeline.events, totalMs), ...services.findings]);
  context
    .progress()
    .info(`RTO ${(totalMs / 1000).toFixed(1)} s for ${runbook.services[scenario.service]?.title ?? 'the full system'}`);
}

/** How long the harness was held up from the fault on. */
function ownDelayOf({ state, recorder }: DrillContext, sinceMs: number): { ownDelayMs?: number } {
  return state.ownDelay ? { ownDelayMs: state.ownDelay.within(sinceMs, recorder.phases.endedMs()) } : {};
}

/** The phases that the scenario's steps go through, and those that the drill itself adds at both ends. */
function requiredPhases({ scenario, record }: DrillContext): RecoveryPhase[] {
  // Of steps that ran side by side only those on the critical path have phases of their own.
  const isOnPath = (id: string): boolean =>
    !isGraph(scenario.steps) || record.steps.some((step) => step.id === id && step.critical === true);
  const entered = scenario.steps
    .filter(({ id }) => isOnPath(id))
    .flatMap(({ action }) => (action === undefined ? [] : (actions[action] ?? [])))
    .flatMap(({ phase, laterPhases = [] }) => [phase, ...laterPhases]);
  return recoveryPhases.filter((phase) => phase === 'detect' || phase === 'resume' || entered.includes(phase));
}

/** When each service was back that a step of the runbook restores. */
function serviceTimes(context: DrillContext): ServiceTime[] {
  const { record, recorder, runbook } = context;
  const detectedMs = recorder.timeline.elapsedAt(need(context, 'fault').detectedMs);
  return record.steps.flatMap(({ restores, endedMs }) =>
    restores === undefined || endedMs === undefined
      ? []
      : {
          service: restores,
          title: runbook.services[restores]?.title ?? restores,
          totalMs: Math.round(endedMs - detectedMs),
          targetMs: objectiveOf(context, restores).rtoMs,
        },
  );
}

async function judgeLoss(context: DrillContext): Promise<void> {
  const { record, runbook, system } = context;
  const { injectedAt } = need(context, 'fault');
  const markers = need(context, 'markers');
  const access = { ...productionStores(context), apiUrl: need(context, 'apiUrl'), tokens: need(context, 'tokens') };
  for (const channel of system.markerChannels(access)) {
    const { objective, backupEveryMs } = serviceOf(runbook, channel.store);
    const left = await survivorsOf(channel);
    const { finding, rpo } = judgeRpo({
      store: channel.store,
      path: channel.path,
      acks: markers.acks.filter((ack) => ack.store === channel.store),
      unanswered: markers.unanswered(channel.store),
      ...left,
      faultAt: injectedAt,
      targetMs: objective.rpoMs,
      ...(backupEveryMs !== undefined && { scheduleAllowsMs: backupEveryMs }),
    });
    record.rpo.push(rpo);
    context.judge([finding]);
    context.progress().info(`${channel.store}: ${rpo.lostWrites} of ${rpo.acknowledged} acknowledged writes lost`);
  }
}

/** What is left of the markers of before the fault: in the channel's own store, and of their parts in others. */
async function survivorsOf(channel: MarkerChannel): Promise<Pick<RpoObservation, 'survivors' | 'elsewhere'>> {
  const ofMarkers = (numbers: number[]): number[] => numbers.filter((sequence) => sequence !== resumeMarker);
  const elsewhere = [];
  for (const { store, survivors } of channel.elsewhere ?? [])
    elsewhere.push({ store, survivors: ofMarkers(await survivors()) });
  return { survivors: ofMarkers(await channel.survivors()), elsewhere };
}

/** Where the content of each store came from, as the steps that restored it have said. */
function recordRecoveryPoints(context: DrillContext): void {
  const points = need(context, 'recoveryPoints');
  const { channels } = need(context, 'markers');
  context.record.recoveryPoints = channels.map(
    ({ store }) => points[store] ?? { store, source: 'survived', detail: 'the fault did not reach it' },
  );
}

/** The service that stands for a store: lint refuses a runbook without it. */
function serviceOf({ services, file }: Runbook, store: StoreName): RunbookService {
  const service = Object.values(services).find((each) => each.store === store);
  if (service) return service;
  throw new DrillError({
    code: 'configuration',
    what: `what was lost of the store ${store} has no objective`,
    expected: `a service with \`store: ${store}\``,
    actual: 'none',
    where: file,
  });
}

function objectiveOf({ runbook }: DrillContext, service: string): { rtoMs: number; rpoMs: number } {
  return runbook.services[service]?.objective ?? runbook.objective;
}
