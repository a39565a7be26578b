import type { Clock } from '../domain/clock.ts';
import type { EngineName, Stack } from '../domain/service.ts';
import type { Progress } from '../domain/timeline.ts';
import { startNativeStack, type StackSettings } from './native/stack.ts';
import { createRunContext } from './run-context.ts';

export { chooseEngine } from './choose-engine.ts';
export type { DetectedPart, Detection } from './detect.ts';
export { findOrphans, removeOrphan, type Orphan } from './orphans.ts';

export interface StackOptions extends StackSettings {
  engine: EngineName;
  /** 1 to 48 letters, digits, "-" and "_"; unique on this machine. */
  runId: string;
  progress?: Progress;
  /** Ends the start-up, and later ones of the stack, when it aborts. */
  signal?: AbortSignal;
  clock?: Clock;
}

/**
 * Starts the services of a stack on an engine. What was started is ended again when one of them does not start; then
 * its error is thrown (`service-start`, `engine-missing`, `configuration`, `interrupted`).
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const run = await createRunContext(options);
  try {
    if (options.engine === 'native') return await startNativeStack(run, options);
    const { startContainerStack } = await import('./containers/stack.ts');
    return await startContainerStack(run, options);
  } catch (error) {
    await run[Symbol.asyncDispose]();
    throw error;
  }
}
