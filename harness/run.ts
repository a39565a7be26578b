import { join } from 'node:path';
import { systemClock, type Clock } from '../domain/clock.ts';
import type { DrillRecord } from '../domain/record.ts';
import type { Runbook, RunbookStep } from '../domain/runbook.ts';
import type { PhaseName } from '../domain/timeline.ts';
import { messageOf } from '../domain/drill-error.ts';
import { beginEvidence, type RunEvidence } from '../evidence/run-evidence.ts';
import { begunPhases, interruptionBy } from '../reports/state.ts';
import { chooseEngine } from '../stack/index.ts';
import { actions } from './actions/index.ts';
import { chosenControl, chosenFault, chosenWay, faultsToChoose } from './choices.ts';
import type { DrillDefinition, DrillStep } from './definition.ts';
import { loadDrillRunbook } from './drill-runbook.ts';
import { filesToGo, ledgerFolderOf, newLedgerRun } from './ledger.ts';
import { MemoryWatch, type HoldingProcess } from './memory.ts';
import { newRecord } from './new-record.ts';
import { owedByRun } from './owed.ts';
import type { RunOptions } from './options.ts';
import { previousRun } from './previous-run.ts';
import { quickControls } from './quick-controls.ts';
import { quickSmoke } from './quick.ts';
import { Recorder, type ReportsWritten } from './recorder.ts';
import { severityOf, type DrillSeverity } from './severity.ts';
import { runControls } from './steps/controls.ts';
import { interrupted, runStep, type RunStep, type SharedContext, type StepOutcome } from './step-runner.ts';
import { linkNewest, reportsFolder } from './reports-folder.ts';
import { RunbookTracks } from './runbook-tracks.ts';
import { backedUp } from './steps/backed-up.ts';
import { cleanUp } from './steps/finish.ts';
import { openSystem, seedSystem, startServices } from './steps/prepare.ts';
import { operationsResume, smokeAfterRecovery } from './steps/recovered.ts';
import { strike } from './steps/strike.ts';
import type { Print } from './timeline.ts';
import { whyWithheld } from './withheld.ts';

export type { RunStep, StepOutcome } from './step-runner.ts';

/** A drill about to run: its steps in order, each executed once. */
export interface DrillRun {
  readonly directory: string;
  /** As it stands: it grows with every step. */
  readonly record: Readonly<DrillRecord>;
  readonly severity: DrillSeverity;
  readonly steps: readonly RunStep[];
  execute(step: RunStep): Promise<StepOutcome>;
  /** Ends the run: what did not get its turn is skipped, the rest cleaned up, the record closed. Idempotent. */
  finish(): Promise<void>;
  interrupt(reason: string): void;
}

/** What a run is surrounded by. */
export interface RunSurroundings {
  print: Print;
  clock?: Clock;
  /** Default `all`. With `record` nothing is rendered: `drill.json` and the timeline are written all the same. */
  reports?: ReportsWritten;
  /**
   * Asked before each step. From the first answer on the steps that are left are skipped for that reason, but for the clean-up:
   * for who wants to know one thing of a run, and knows it.
   */
  enough?: (record: Readonly<DrillRecord>) => string | undefined;
  /** Processes that hold the run, for the judgement of memory; default this one, and the command that started it. */
  holders?: readonly HoldingProcess[];
}

/** Prepares a run of a drill: validates everything that can be validated before anything starts. */
export async function createRun(
  declared: DrillDefinition,
  options: RunOptions,
  { print, clock = systemClock, reports = 'all', enough, holders }: RunSurroundings,
): Promise<DrillRun> {
  const { runbook: whole, scenario, system } = await loadDrillRunbook(declared);
  const control = chosenControl(declared, options.sabotage);
  const from = chosenWay(declared, options.from);
  const fault = chosenFault(declared, options.fault);
  const engine = await chooseEngine(options.engine);
  const record = await newRecord({ definition: declared, runbook: whole, system, engine, options, clock });
  const { definition, runbook } = await quickly(record, { declared, whole, options });
  record.owed = owedByRun({ runbook, scenario, system, fault, from, options });
  if (from !== undefined) record.from = from;
  if (faultsToChoose(definition).length > 0) record.chosenFault = fault.name;
  const directory = options.out ?? join(reportsFolder, record.runId);
  const previous = await previousRun(directory, record);
  if (previous) record.previous = previous;
  const evidence = await numbered(record, { directory, options, clock, print });
  const { screen } = options;
  const recorder = new Recorder(record, { directory, clock, print, reports, ...(screen && { screen }) });
  const interruption = new AbortController();
  const shared: SharedContext = {
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
    fault,
    disposables: [],
    ...(from !== undefined && { from }),
  };
  const memory = new MemoryWatch(shared, holders);
  try {
    await recorder.saveReports();
  } catch (error) {
    await evidence?.fail(messageOf(error));
    throw error;
  }

  let blockedBy: string | undefined;
  let finished = false;
  let interruptedIn: PhaseName | undefined;
  const steps = stepsOf(definition, scenario.steps);
  const tracks = new RunbookTracks(shared, steps);

  const execute = async (entry: RunStep): Promise<StepOutcome> => {
    if (blockedBy === undefined && entry.always !== true) {
      blockedBy = enough?.(record);
      if (blockedBy !== undefined) record.limitations.push(`The run was not played to its end: ${blockedBy}.`);
    }
    const outcome = tracks.has(entry)
      ? await tracks.outcome(entry, blockedBy)
      : await runStep(shared, entry, {
          blockedBy: blockedBy ?? whyWithheld(definition, record, entry),
          onPhase: (phase) => {
            if (shared.state.fault) recorder.phases.enter(phase);
          },
        });
    if (outcome.kind === 'failed') blockedBy ??= outcome.blocks;
    return outcome;
  };

  const finish = async (): Promise<void> => {
    if (finished) return;
    finished = true;
    await tracks.settled();
    // Between two steps nobody else tells of it.
    const isTold = record.errors.some(({ code }) => code === 'interrupted');
    if (interruptedIn !== undefined && !isTold) recorder.fail(interruptedIn, interrupted());
    if (!record.cleanUp && !options.keep) await execute({ title: cleanUp.title, step: cleanUp, always: true });
    await memory.stop();
    if (interruption.signal.aborted) await recorder.finish('interrupted');
    else await recorder.finish(record.errors.length === 0 ? 'finished' : 'failed');
    await evidence?.close(record, filesToGo);
  };

  return {
    directory,
    record,
    severity: severityOf(runbook, scenario),
    steps,
    execute,
    finish,
    interrupt: (reason) => {
      if (interruption.signal.aborted || finished) return;
      interruptedIn = begunPhases(record).at(-1) ?? 'start';
      recorder.timeline.add({
        phase: interruptedIn,
        kind: 'info',
        message: interruptionBy(reason),
      });
      interruption.abort(interrupted());
    },
  };
}

/**
 * Gives the run its folder and its number. Under `firedrill run` it has both already: the command closes the run, after the test runner
 * has written its own reports.
 */
async function numbered(
  record: DrillRecord,
  { directory, options, clock, print }: { directory: string; options: RunOptions; clock: Clock; print: Print },
): Promise<RunEvidence | undefined> {
  if (options.sequence !== undefined) {
    record.sequence = options.sequence;
    return undefined;
  }
  const run = newLedgerRun(record, record.runbook, directory);
  const evidence = await beginEvidence(ledgerFolderOf(options), run, { clock, say: print });
  record.sequence = evidence.number;
  if (options.out === undefined) await linkNewest(directory, 'latest', print);
  return evidence;
}

/** The drill and its runbook as they are run: whole, or with less of the load and some of the controls where it is quick. */
async function quickly(
  record: DrillRecord,
  { declared, whole, options }: { declared: DrillDefinition; whole: Runbook; options: RunOptions },
): Promise<{ definition: DrillDefinition; runbook: Runbook }> {
  if (record.quick === undefined) return { definition: declared, runbook: whole };
  const runbook = { ...whole, smoke: quickSmoke(whole.smoke) };
  // It plays no controls at all.
  if (options.sabotage !== undefined) return { definition: declared, runbook };
  const { controls, ...quick } = await quickControls(declared, {
    ledgerFolder: ledgerFolderOf(options),
    source: record.environment,
    runbookFile: record.runbook.file,
  });
  record.quick = quick;
  return { definition: { ...declared, controls }, runbook };
}

/** The drill in its order: preparation, the fault, the runbook's own steps, judgement, hand-over, controls, clean-up. */
function stepsOf(definition: DrillDefinition, runbookSteps: readonly RunbookStep[]): RunStep[] {
  const { backUp, steadyState, verify, handOver } = definition;
  const own = (step: DrillStep): RunStep => ({ title: step.title, step });
  return [
    ...[startServices, seedSystem, openSystem, ...backUp, backedUp, ...steadyState, strike].map(own),
    ...runbookSteps.map((step): RunStep => {
      const action = step.action === undefined ? undefined : actions[step.action];
      return { title: step.title, runbookStep: step, ...(action && { step: action }) };
    }),
    ...[operationsResume, smokeAfterRecovery, ...verify, ...handOver, runControls].map(own),
    { title: cleanUp.title, step: cleanUp, always: true },
  ];
}
