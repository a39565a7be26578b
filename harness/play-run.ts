import type { DrillRecord } from '../domain/record.ts';
import type { DrillDefinition } from './definition.ts';
import type { RunOptions } from './options.ts';
import { createRun, type DrillRun, type RunSurroundings } from './run.ts';

/** Plays a drill in this very process, without the test runner, and gives its record. */
export async function playRun(
  definition: DrillDefinition,
  options: RunOptions,
  { ending, ...surroundings }: RunSurroundings & { ending?: AbortSignal },
): Promise<Readonly<DrillRecord>> {
  const run = await createRun(definition, options, surroundings);
  const interrupt = (): void => run.interrupt(String(ending?.reason));
  if (ending?.aborted) interrupt();
  ending?.addEventListener('abort', interrupt, { once: true });
  try {
    await playSteps(run);
  } finally {
    ending?.removeEventListener('abort', interrupt);
  }
  return run.record;
}

/** Executes the steps of a run in their order, and ends it. */
export async function playSteps(run: DrillRun): Promise<void> {
  for (const step of run.steps) await run.execute(step);
  await run.finish();
}
