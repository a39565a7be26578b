import { judgeBaseline, judgeWrites } from '../../checks/availability.ts';
import { servicesBackMs } from '../../checks/availability-services.ts';
import { answersByFacts } from '../../checks/fault-facts.ts';
import { judgeFault } from '../../checks/fault.ts';
import { judgeServiceTimes } from '../../checks/objectives.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { Fault, FaultObservation } from '../../domain/fault.ts';
import { finding } from '../../domain/finding.ts';
import { availabilityOf } from '../availability.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { answeredBy, bringBack, failOver, letRun, openOutage, recordAvailability } from '../outage.ts';
import { factsOf, factsOfServing, servicesToWatch } from '../service-facts.ts';
import { serversBehind, startLoad } from '../watch-switch.ts';
import { requireSteadyState } from './steady-state.ts';

const baselineMs = 4_000;
const biteWithinMs = 15_000;

/** Requests at the runbook's rate from now on; every server answers its share of them, and none fails. */
export const steadyLoad: DrillStep = {
  name: 'steady-state-load',
  title: 'Steady state: requests at a fixed rate, answered by every server',
  phase: 'steady-state',
  async execute(context) {
    const load = startLoad(context, need(context, 'apiUrl'));
    context.state.load = load;
    await letRun(context, baselineMs);
    recordAvailability(context);
    const servers = (await serversBehind(context, need(context, 'apiUrl'))).map(({ name }) => name);
    requireSteadyState(context, [judgeBaseline({ samples: load.samples, servers })]);
    context.progress().info(`${load.samples.length} requests, answered by ${JSON.stringify(answeredBy(context))}`);
  },
};

/** The same once more under another fault, once the first is recovered from. */
export function failOverAgain(fault: Fault): DrillStep[] {
  return [
    {
      name: `fault:${fault.name}`,
      title: `A second fault: ${fault.title}`,
      phase: 'fault',
      execute: (context) => strikeAgain(context, fault),
    },
    {
      name: `failover:${fault.name}`,
      title: 'Wait for the failover from the second fault',
      phase: 'hand-over',
      execute: failOver,
    },
    {
      name: `back:${fault.name}`,
      title: 'Bring the second failed server back into service',
      phase: 'hand-over',
      execute: bringBack,
    },
  ];
}

async function strikeAgain(context: DrillContext, fault: Fault): Promise<void> {
  const { clock, signal } = context;
  const stack = need(context, 'stack');
  const out = (await serversBehind(context, need(context, 'apiUrl'))).filter((server) => !server.inRotation);
  if (out.length > 0) {
    throw new DrillError({
      code: 'no-steady-state',
      what: 'the first failure was not recovered from, so a second one would prove nothing',
      expected: 'every server in rotation',
      actual: `out of rotation: ${out.map(({ name }) => name).join(', ')}`,
    });
  }
  context.disposables.push({ [Symbol.asyncDispose]: () => fault.lift(stack) });
  const watched = await servicesToWatch(stack);
  const before = await factsOfServing(watched, context);
  const injectedAt = clock.now();
  const injectedMs = clock.monotonicMs();
  await fault.inject(stack);
  let observations: FaultObservation[];
  do {
    signal.throwIfAborted();
    observations = await fault.observe(stack);
    if (observations.every(({ bitten }) => bitten)) {
      observations.push(...answersByFacts(fault.claims, before, await factsOf(watched)));
    }
  } while (!observations.every(({ bitten }) => bitten) && clock.monotonicMs() - injectedMs < biteWithinMs);
  for (const { question, actual } of observations) context.progress().info(`${question} ${actual}`);
  context.judge([judgeFault(observations)]);
  await openOutage(context, { fault, injectedAt, injectedMs, detectedMs: clock.monotonicMs() });
}

/** Every write that was acknowledged is there, those among them that were made through the failovers. */
export const acknowledgedWrites: DrillStep = {
  name: 'writes',
  title: 'No acknowledged write is lost',
  phase: 'hand-over',
  async execute(context) {
    await need(context, 'load').stop();
    recordAvailability(context);
    const markers = need(context, 'markers');
    await markers.stop();
    const access = { ...productionStores(context), apiUrl: need(context, 'apiUrl'), tokens: need(context, 'tokens') };
    const faultAt = need(context, 'outages').map(({ injectedAt }) => injectedAt);
    for (const channel of context.system.markerChannels(access)) {
      const acks = markers.acks.filter(({ store }) => store === channel.store);
      context.judge([judgeWrites(acks, await channel.survivors(), faultAt)]);
      context.progress().info(`${channel.store}: ${acks.length} writes were acknowledged by ${channel.path}`);
    }
  },
};

/** When each service was back after the first fault, by the requests that show it. */
export const servicesBack: DrillStep = {
  name: 'services',
  title: 'Judge when each service was back',
  phase: 'hand-over',
  async execute(context) {
    const { record, runbook } = context;
    const { probes } = availabilityOf(context);
    const [first] = need(context, 'outages');
    if (first === undefined) throw new DrillError({ code: 'internal', what: 'no server has failed' });
    const { faultAtMs, detectedAtMs, watchedUntilMs = Number.POSITIVE_INFINITY } = first;
    const { samples } = need(context, 'load');
    const backMs = servicesBackMs({ samples, probes, faultAtMs, detectedAtMs, untilMs: watchedUntilMs });
    const services = Object.entries(backMs).map(([service, totalMs]) => ({
      service,
      title: runbook.services[service]?.title ?? service,
      totalMs,
      targetMs: (runbook.services[service]?.objective ?? runbook.objective).rtoMs,
    }));
    const known = services.flatMap(({ totalMs, ...rest }) => (totalMs === undefined ? [] : [{ ...rest, totalMs }]));
    const { findings, lines } = judgeServiceTimes(known);
    record.rtoByService = lines;
    context.judge([
      ...findings,
      ...services
        .filter(({ totalMs }) => totalMs === undefined)
        .map(({ service, title }) =>
          finding(`objectives.rto.${service}`, false, {
            expected: `${title} back`,
            actual: 'its requests still failed when the watch was over',
          }),
        ),
    ]);
  },
};
