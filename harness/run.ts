import { join } from 'node:path';
import { systemClock, type Clock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { RunbookStep } from '../domain/runbook.ts';
import type { PhaseName } from '../domain/timeline.ts';
import { chooseEngine } from '../stack/index.ts';
import { actions } from './actions/index.ts';
import type { DrillContext } from './context.ts';
import type { DrillDefinition, DrillStep } from './definition.ts';
import { loadDrillRunbook } from './drill-runbook.ts';
import { MemoryWatch } from './memory.ts';
import { newRecord } from './new-record.ts';
import type { RunOptions } from './options.ts';
import { previousRun } from './previous-run.ts';
import { projectFolder } from './project.ts';
import { Recorder } from './recorder.ts';
import { runControls } from './steps/controls.ts';
import { cleanUp } from './steps/finish.ts';
import { backUp, openSystem, seedSystem, startServices } from './steps/prepare.ts';
import { operationsResume, smokeAfterRecovery } from './steps/recovered.ts';
import { strike } from './steps/strike.ts';
import type { Print } from './timeline.ts';

/** What became of a step. `reason` says why it was not executed, `error` why it is red. */
export type StepOutcome = { kind: 'ok' } | { kind: 'skipped'; reason: string } | { kind: 'failed'; error: Error };

/** A drill about to run: its steps in order, each executed once. */
export interface DrillRun {
  readonly directory: string;
  readonly steps: readonly RunStep[];
  execute(step: RunStep): Promise<StepOutcome>;
  /** Ends the run: what did not get its turn is skipped, the rest cleaned up, the record closed. Idempotent. */
  finish(): Promise<void>;
  interrupt(reason: string): void;
}

export interface RunStep {
  title: string;
  step?: DrillStep;
  runbookStep?: RunbookStep;
  /** Runs whatever has happened before it. */
  always?: boolean;
}

/** Prepares a run of a drill: validates everything that can be validated before anything starts. */
export async function createRun(
  definition: DrillDefinition,
  options: RunOptions,
  { print, clock = systemClock }: { print: Print; clock?: Clock },
): Promise<DrillRun> {
  const { runbook, scenario, system } = await loadDrillRunbook(definition);
  const control = definition.controls.find(({ name }) => name === options.sabotage);
  if (options.sabotage !== undefined && !control) throw unknownSabotage(definition, options.sabotage);
  const engine = await chooseEngine(options.engine);
  const record = await newRecord({ definition, runbook, system, engine, options, clock });
  const directory = options.out ?? join(projectFolder, 'reports', 'out', record.runId);
  const previous = await previousRun(directory, record);
  if (previous) record.previous = previous;
  const recorder = new Recorder(record, { directory, clock, print });
  const interruption = new AbortController();
  let phase: PhaseName = 'start';
  let runbookStep: string | undefined;
  const context: DrillContext = {
    definition,
    runbook,
    scenario,
    system,
    options,
    clock,
    recorder,
    record,
    sabotage: control?.sabotage ?? {},
    signal: interruption.signal,
    state: {},
    disposables: [],
    progress: () => recorder.timeline.progress(phase, runbookStep),
    enterPhase: (entered) => {
      phase = entered;
      if (context.state.fault) recorder.phases.enter(entered);
    },
  };
  const memory = new MemoryWatch(context);
  await recorder.saveReports();

  let blockedBy: string | undefined;
  let finished = false;
  const steps = stepsOf(definition, scenario.steps);

  const execute = async (entry: RunStep): Promise<StepOutcome> => {
    const { title, step, runbookStep: planned, always } = entry;
    const stepRecord = record.steps.find(({ id }) => id === planned?.id);
    const skip = (reason: string, kind: 'skipped' | 'not-executed' = 'skipped'): StepOutcome => {
      if (stepRecord) Object.assign(stepRecord, { status: kind, reason });
      recorder.timeline.add({ phase: step?.phase ?? phase, kind: 'skip', message: `${title}: ${reason}` });
      return { kind: 'skipped', reason };
    };
    if (interruption.signal.aborted && !always) return skip('the run was interrupted');
    if (blockedBy !== undefined && !always) return skip(blockedBy);
    if (!step) return skip(planned?.manual ?? 'no action carries it out', 'not-executed');

    runbookStep = planned?.id;
    context.enterPhase(step.phase);
    recorder.timeline.add({ phase, kind: 'start', message: title, ...(runbookStep && { runbookStep }) });
    const startedMs = clock.monotonicMs();
    const judgedBefore = record.findings.length;
    let error: Error | undefined;
    try {
      await step.execute(context);
      error = redFindings(context, judgedBefore);
    } catch (thrown) {
      error = interruption.signal.aborted && !always ? interrupted() : asError(thrown);
      recorder.fail(phase, error);
      blockedBy = `“${title}” failed before it`;
    }
    const durationMs = clock.monotonicMs() - startedMs;
    if (stepRecord) {
      delete stepRecord.reason;
      Object.assign(stepRecord, {
        status: error ? 'failed' : 'executed',
        phase: step.phase,
        actualMs: Math.round(durationMs),
      });
      if (error) stepRecord.reason = error.message.split('\n')[0] ?? error.message;
    }
    recorder.timeline.add({
      phase,
      kind: error ? 'fail' : 'ok',
      message: error ? `${title}: ${error.message}` : title,
      durationMs,
      ...(runbookStep && { runbookStep }),
    });
    runbookStep = undefined;
    await recorder.save();
    return error ? { kind: 'failed', error } : { kind: 'ok' };
  };

  const finish = async (): Promise<void> => {
    if (finished) return;
    finished = true;
    if (!record.cleanUp && !options.keep) await execute({ title: cleanUp.title, step: cleanUp, always: true });
    await memory.stop();
    if (interruption.signal.aborted) await recorder.finish('interrupted');
    else await recorder.finish(blockedBy === undefined ? 'finished' : 'failed');
  };

  return {
    directory,
    steps,
    execute,
    finish,
    interrupt: (reason) => {
      if (interruption.signal.aborted) return;
      recorder.timeline.add({ phase, kind: 'info', message: `interrupted by ${reason}: cleaning up` });
      interruption.abort(interrupted());
    },
  };
}

/** The drill in its order: preparation, the fault, the runbook's own steps, judgement, hand-over, controls, clean-up. */
function stepsOf(definition: DrillDefinition, runbookSteps: readonly RunbookStep[]): RunStep[] {
  const own = (step: DrillStep): RunStep => ({ title: step.title, step });
  return [
    ...[startServices, seedSystem, openSystem, backUp, ...definition.steadyState, strike].map(own),
    ...runbookSteps.map((step): RunStep => {
      const action = step.action === undefined ? undefined : actions[step.action];
      return { title: step.title, runbookStep: step, ...(action && { step: action }) };
    }),
    ...[operationsResume, smokeAfterRecovery, ...definition.verify, ...definition.handOver, runControls].map(own),
    { title: cleanUp.title, step: cleanUp, always: true },
  ];
}

/** The step is red when it recorded a red finding; the run goes on, so that the report is complete. */
function redFindings({ record }: DrillContext, from: number): DrillError | undefined {
  const red = record.findings.slice(from).filter((finding) => finding.verdict !== 'pass');
  if (red.length === 0) return undefined;
  return new DrillError({
    code: 'finding-failed',
    what: red.map(({ check, verdict }) => `${check} ${verdict}`).join(', '),
    expected: red.map(({ expected }) => expected).join('; '),
    actual: red.map(({ actual }) => actual).join('; '),
  });
}

function interrupted(): DrillError {
  return new DrillError({ code: 'interrupted', what: 'the run was interrupted' });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function unknownSabotage({ name, controls }: DrillDefinition, sabotage: string): DrillError {
  return new DrillError({
    code: 'usage',
    what: `the drill ${name} has no such sabotage`,
    expected: controls.map((control) => control.name).join(', '),
    actual: `\`${sabotage}\``,
  });
}
