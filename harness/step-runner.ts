import { DrillError } from '../domain/drill-error.ts';
import type { Finding } from '../domain/finding.ts';
import type { RunbookStep } from '../domain/runbook.ts';
import type { PhaseName } from '../domain/timeline.ts';
import { isRed } from '../domain/verdict.ts';
import type { DrillContext } from './context.ts';
import type { DrillStep } from './definition.ts';

/** A step of a run: of the drill around the runbook, of the runbook, or both. */
export interface RunStep {
  title: string;
  step?: DrillStep;
  runbookStep?: RunbookStep;
  /** Runs whatever has happened before it. */
  always?: boolean;
}

/**
 * What became of a step. `reason` says why it was not executed, `error` why it is red. `blocks` is there where nothing
 * that builds on it can be done, and says so to what comes after it.
 */
export type StepOutcome =
  | { kind: 'ok' }
  | { kind: 'skipped'; reason: string; blocks?: string }
  | { kind: 'failed'; error: Error; blocks?: string };

/** What a step of a run is given beside the context that all share. */
export interface StepTurn {
  /** Why it cannot be done. */
  blockedBy?: string | undefined;
  /** Told of each phase that the step enters, its first one included. */
  onPhase(phase: PhaseName): void;
}

/** What all steps of a run share; the rest of their context is each step's own. */
export type SharedContext = Omit<DrillContext, 'progress' | 'enterPhase' | 'judge'>;

/** Executes one step and keeps its line in timeline and record, whatever becomes of it. Never rejects. */
export async function runStep(shared: SharedContext, entry: RunStep, turn: StepTurn): Promise<StepOutcome> {
  const { recorder, signal } = shared;
  const { title, step, runbookStep, always = false } = entry;
  const reason = reasonToSkip(entry, signal.aborted, turn.blockedBy);
  if (!step || reason !== undefined) {
    const why = reason ?? runbookStep?.manual ?? 'no action carries it out';
    const line = lineOf(shared, entry);
    if (line) Object.assign(line, { status: reason === undefined ? 'not-executed' : 'skipped', reason: why });
    recorder.timeline.add(
      { phase: step?.phase ?? 'decide', kind: 'skip', message: `${title}: ${why}` },
      { title, reason: why },
    );
    return { kind: 'skipped', reason: why, ...(reason !== undefined && { blocks: why }) };
  }
  const own = ownContext(shared, entry, step, turn);
  const { context, judged } = own;
  const planned = runbookStep && { runbookStep: runbookStep.id };
  context.enterPhase(step.phase);
  recorder.timeline.add({ phase: step.phase, kind: 'start', message: title, ...planned });
  const startedMs = recorder.timeline.elapsedMs();
  const askedMs = shared.clock.monotonicMs();
  let error: Error | undefined;
  let blocks: string | undefined;
  try {
    await step.execute(context);
    error = redFindings(judged);
  } catch (thrown) {
    error = signal.aborted && !always ? interrupted() : asError(thrown);
    recorder.fail(own.phase(), error, shared.state.ownDelay?.within(askedMs, shared.clock.monotonicMs()));
    blocks = `“${title}” failed before it`;
  }
  const endedMs = recorder.timeline.elapsedMs();
  keepLine(shared, entry, { error, startedMs, endedMs });
  recorder.timeline.add({
    phase: own.phase(),
    kind: error ? 'fail' : 'ok',
    message: error ? `${title}: ${error.message}` : title,
    durationMs: endedMs - startedMs,
    ...planned,
  });
  await recorder.save();
  return error ? { kind: 'failed', error, ...(blocks !== undefined && { blocks }) } : { kind: 'ok' };
}

function reasonToSkip({ always }: RunStep, isInterrupted: boolean, blockedBy: string | undefined): string | undefined {
  if (always) return undefined;
  return isInterrupted ? 'the run was interrupted' : blockedBy;
}

/** Each step has its own phase and findings: steps may run side by side. */
function ownContext(shared: SharedContext, { runbookStep, always }: RunStep, step: DrillStep, turn: StepTurn) {
  const { recorder, signal } = shared;
  const judged: Finding[] = [];
  let phase: PhaseName = step.phase;
  const context: DrillContext = {
    ...shared,
    progress: () => recorder.timeline.progress(phase, runbookStep?.id),
    enterPhase: (entered) => {
      phase = entered;
      turn.onPhase(entered);
    },
    judge: (findings) => {
      // What an interrupted step has seen says nothing of the system: its questions were cut off.
      if (signal.aborted && !always) throw interrupted();
      judged.push(...findings);
      recorder.judge(phase, findings);
    },
  };
  return { context, judged, phase: () => phase };
}

interface StepEnd {
  error: Error | undefined;
  startedMs: number;
  endedMs: number;
}

function keepLine(shared: SharedContext, entry: RunStep, { error, startedMs, endedMs }: StepEnd): void {
  const line = lineOf(shared, entry);
  if (!line) return;
  delete line.reason;
  Object.assign(line, {
    status: error ? 'failed' : 'executed',
    ...(entry.step && { phase: entry.step.phase }),
    startedMs: Math.round(startedMs),
    endedMs: Math.round(endedMs),
    actualMs: Math.round(endedMs - startedMs),
  });
  if (error) line.reason = error.message.split('\n')[0] ?? error.message;
}

function lineOf({ record }: SharedContext, { runbookStep }: RunStep) {
  return record.steps.find(({ id }) => id === runbookStep?.id);
}

/** The step is red when it recorded a red finding; the run goes on, so that the report is complete. */
function redFindings(judged: readonly Finding[]): DrillError | undefined {
  const red = judged.filter((finding) => isRed(finding.verdict));
  if (red.length === 0) return undefined;
  return new DrillError({
    code: 'finding-failed',
    what: red.map(({ check, verdict }) => `${check} ${verdict}`).join(', '),
    expected: red.map(({ expected }) => expected).join('; '),
    actual: red.map(({ actual }) => actual).join('; '),
  });
}

/** The error of a run that was interrupted. */
export function interrupted(): DrillError {
  return new DrillError({ code: 'interrupted', what: 'the run was interrupted' });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
