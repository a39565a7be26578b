import { criticalPath, isGraph, runGraph, type StepSpan } from './step-graph.ts';
import { runStep, type RunStep, type SharedContext, type StepOutcome } from './step-runner.ts';

/**
 * The steps of a runbook that are carried out side by side. The first one whose outcome is asked for starts all; each
 * then runs once those before it are done. While they run, the time of the recovery belongs to nobody; when the last
 * one has ended, it is given to the phases of the critical path, so that the phases still add up to the whole.
 */
export class RunbookTracks {
  readonly #shared: SharedContext;
  readonly #entries: Map<string, RunStep>;
  readonly #spans: StepSpan[] = [];
  #outcomes: Map<string, Promise<StepOutcome>> | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(shared: SharedContext, steps: readonly RunStep[]) {
    this.#shared = shared;
    const planned = steps.flatMap((entry) => (entry.runbookStep ? [[entry.runbookStep.id, entry] as const] : []));
    this.#entries = new Map(isGraph(shared.scenario.steps) ? planned : []);
  }

  /** Whether this step is one of them. */
  has({ runbookStep }: RunStep): boolean {
    return runbookStep !== undefined && this.#entries.has(runbookStep.id);
  }

  /** What became of a step; waits for it. The last one to be told has waited for all. */
  async outcome({ runbookStep }: RunStep, blockedBy: string | undefined): Promise<StepOutcome> {
    this.#outcomes ??= this.#start(blockedBy);
    const outcome = await this.#outcomes.get(String(runbookStep?.id));
    if (runbookStep?.id === [...this.#entries.keys()].at(-1)) await this.#ended;
    return outcome ?? { kind: 'skipped', reason: 'it is no step of the runbook' };
  }

  /** Resolves once no step runs any more. */
  async settled(): Promise<void> {
    await this.#ended;
  }

  #start(blockedBy: string | undefined): Map<string, Promise<StepOutcome>> {
    const outcomes = runGraph(this.#shared.scenario.steps, (id, blocked) => this.#run(id, blockedBy ?? blocked));
    this.#ended = Promise.all(outcomes.values()).then(() => this.#attribute());
    return outcomes;
  }

  async #run(id: string, blockedBy: string | undefined): Promise<StepOutcome> {
    const entry = this.#entries.get(id) as RunStep;
    const { clock } = this.#shared;
    const { after } = entry.runbookStep ?? {};
    const span: StepSpan = { id, startedMs: clock.monotonicMs(), endedMs: 0, phases: [], ...(after && { after }) };
    const outcome = await runStep(this.#shared, entry, {
      blockedBy,
      onPhase: (phase) => span.phases.push({ phase, atMs: clock.monotonicMs() }),
    });
    span.endedMs = clock.monotonicMs();
    this.#spans.push(span);
    return outcome;
  }

  /** Gives the time to the phases of the critical path and marks its steps. */
  #attribute(): void {
    const { record, recorder, state } = this.#shared;
    const path = criticalPath(this.#spans);
    for (const step of record.steps) if (path.some(({ id }) => id === step.id)) step.critical = true;
    if (!state.fault) return;
    for (const { phase, atMs } of path.flatMap(({ phases }) => phases)) recorder.phases.enter(phase, atMs);
  }
}
