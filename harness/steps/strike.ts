import { answersByFacts } from '../../checks/fault-facts.ts';
import { judgeFault } from '../../checks/fault.ts';
import { DrillError } from '../../domain/drill-error.ts';
import { isRed } from '../../domain/verdict.ts';
import { runProbe } from '../../smoke/run-probe.ts';
import { need, type DrillContext } from '../context.ts';
import type { DrillStep, Fault, FaultObservation } from '../definition.ts';
import { askHeaders, sampleOfObjects } from '../object-headers.ts';
import { askSearch } from '../search-http.ts';
import { factsOf, factsOfServing, servicesToWatch } from '../service-facts.ts';
import { askUntil } from '../../domain/ask-until.ts';

/** How long the fault has to show before it counts as one that did not bite. */
const biteWithinMs = 15_000;

/** Injects the fault, sees from outside that it bit, and notes when the outage was detected. */
export const strike: DrillStep = {
  name: 'fault',
  title: 'Inject the fault',
  phase: 'fault',
  async execute(context) {
    const { definition, clock, record, sabotage } = context;
    const stack = need(context, 'stack');
    const fault = sabotage.replaceFault?.(context.fault) ?? context.fault;
    context.disposables.push({ [Symbol.asyncDispose]: () => fault.lift(stack) });
    const watched = await servicesToWatch(stack);
    const before = await factsOfServing(watched, context);
    context.state.factsBefore = before;
    const sample = sampleOfObjects(context);
    if (sample.length > 0) context.state.objectHeaders = await askHeaders(stack.objects.access, sample);
    if (context.system.searchContent) context.state.searchBefore = await askSearch(stack.search.access);
    const injectedAt = clock.now();
    const injectedMs = clock.monotonicMs();
    await fault.inject(stack);
    const seen = async (): Promise<FaultObservation[]> =>
      // What it claims is what the drill declares, and not what a sabotage makes of it.
      answersByFacts(context.fault.claims, before, await factsOf(watched));
    const { observations, detectedAt, detectedMs } = await detect(context, { fault, injectedMs, seen });
    if (!definition.writesGoOn) await context.state.markers?.stop();
    const finding = judgeFault(observations);
    record.fault = {
      name: fault.name,
      title: fault.title,
      injectedAt: injectedAt.toISOString(),
      observed: observations.map(({ question, actual }) => `${question} ${actual}`),
      bitten: finding.verdict === 'pass',
      ...(detectedAt && { detectedAt: detectedAt.toISOString() }),
    };
    for (const backup of [record.backup, ...(record.backups ?? [])]) {
      if (backup) backup.ageAtFaultMs = injectedAt.getTime() - Date.parse(backup.coveredAt);
    }
    context.judge([finding]);
    if (isRed(finding.verdict) || detectedAt === undefined || detectedMs === undefined) {
      throw new DrillError({
        code: 'fault-did-not-bite',
        what: 'the fault did not bite, so a recovery from it would prove nothing',
        expected: finding.expected,
        actual: finding.actual,
      });
    }
    context.state.fault = { struck: fault, injectedAt, injectedMs, detectedAt, detectedMs };
    context.recorder.phases.enter('detect', detectedMs);
  },
};

interface Detection {
  observations: FaultObservation[];
  detectedAt?: Date;
  detectedMs?: number;
}

/** Asks again and again, as monitoring does, until the outage shows or the time for it is over. */
async function detect(
  context: DrillContext,
  { fault, injectedMs, seen }: { fault: Fault; injectedMs: number; seen: () => Promise<FaultObservation[]> },
): Promise<Detection> {
  const { clock, signal } = context;
  let first: Pick<Detection, 'detectedAt' | 'detectedMs'> = {};
  // When monitoring first sees it: what the fault still has to do by then is part of the outage.
  const onRed = (instant: Required<typeof first>): void => {
    if (first.detectedMs !== undefined) return;
    context.progress().info('the outage is detected: the probe of the monitoring is red', { instant: 'detected' });
    first = instant;
  };
  let observations: FaultObservation[] = [];
  const hasBitten = async (): Promise<boolean> => {
    ({ observations } = await observeFault(context, fault, onRed));
    // The fault is not believed: once it says that it bit, the harness looks for itself.
    if (observations.every(({ bitten }) => bitten)) observations.push(...(await seen()));
    return observations.every(({ bitten }) => bitten);
  };
  const withinMs = biteWithinMs - (clock.monotonicMs() - injectedMs);
  await askUntil(hasBitten, { clock, signal, withinMs, firstPauseMs: 100 });
  return { observations, ...first };
}

/**
 * The fault as it shows now: what its own questions answer, and whether the monitoring probe is red; `onRed` is told of
 * the instant at once where it is.
 */
export async function observeFault(
  context: DrillContext,
  fault: Fault = context.fault,
  onRed?: (instant: { detectedAt: Date; detectedMs: number }) => void,
): Promise<{ observations: FaultObservation[] }> {
  const { runbook, scenario, clock, signal } = context;
  const detectBy = scenario.detectBy ?? runbook.smoke.detectBy;
  const probe = runbook.smoke.probes.find(({ name }) => name === detectBy);
  if (!probe) throw new DrillError({ code: 'configuration', what: `no probe is named ${detectBy}` });
  const { samples } = await runProbe(need(context, 'apiUrl'), { ...probe, requests: 1 }, need(context, 'tokens'), {
    signal,
    clock,
  });
  const sample = samples[0];
  const red = sample === undefined || sample.error !== undefined || sample.mismatches.length > 0;
  if (red) onRed?.({ detectedAt: clock.now(), detectedMs: clock.monotonicMs() });
  const monitoring: FaultObservation = {
    question: `Is the probe ${probe.name} (${probe.method} ${probe.path}) red?`,
    expected: 'red',
    actual: red ? `red (${sample?.status ?? sample?.error ?? 'no answer'})` : `green (${sample.status})`,
    bitten: red,
  };
  return { observations: [...(await fault.observe(need(context, 'stack'))), monitoring] };
}
