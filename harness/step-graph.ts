import type { PhaseName } from '../domain/timeline.ts';
import type { StepOutcome } from './step-runner.ts';

/** A step of a graph: it begins as soon as all of `after` are done. */
export interface GraphStep {
  id: string;
  after?: readonly string[];
}

/** From when to when a step was executed, with the phases that it went through; of one monotonic clock. */
export interface StepSpan extends GraphStep {
  startedMs: number;
  endedMs: number;
  phases: { phase: PhaseName; atMs: number }[];
}

/** True for steps that are carried out side by side, in the order of their dependencies. */
export function isGraph(steps: readonly GraphStep[]): boolean {
  return steps.some(({ after }) => after !== undefined);
}

/**
 * Starts every step as soon as those before it are done. What a failed step blocks is given the reason; what does not
 * depend on it goes on. Gives the outcome of each step by its id; none rejects as long as `run` does not.
 */
export function runGraph(
  steps: readonly GraphStep[],
  run: (id: string, blockedBy: string | undefined) => Promise<StepOutcome>,
): Map<string, Promise<StepOutcome>> {
  const outcomes = new Map<string, Promise<StepOutcome>>();
  for (const { id, after = [] } of steps) {
    const before = after.flatMap((name) => outcomes.get(name) ?? []);
    outcomes.set(
      id,
      Promise.all(before).then(async (done) => {
        const blocks = done.flatMap((outcome) => (outcome.kind === 'ok' ? [] : (outcome.blocks ?? [])));
        return run(id, blocks[0]);
      }),
    );
  }
  return outcomes;
}

/**
 * The chain of steps that made the recovery as long as it was, first step first: the one that ended last, the one of
 * those before it that ended last, and so on (critical path method; with measured durations).
 */
export function criticalPath(spans: readonly StepSpan[]): StepSpan[] {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const path: StepSpan[] = [];
  let current = last(spans);
  while (current) {
    path.unshift(current);
    current = last((current.after ?? []).flatMap((id) => byId.get(id) ?? []));
  }
  return path;
}

function last(spans: readonly StepSpan[]): StepSpan | undefined {
  return spans.reduce<StepSpan | undefined>(
    (latest, span) => (latest === undefined || span.endedMs > latest.endedMs ? span : latest),
    undefined,
  );
}
