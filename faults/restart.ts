import type { RunningService, Stack, StartChanges } from '../domain/service.ts';
import type { Struck } from './struck.ts';

/** Ends the service in order and starts it on its data, with the changes. */
export async function restart(service: RunningService, changes?: StartChanges): Promise<void> {
  await service.stop();
  await service.start(changes);
}

/** Lifts what could not be injected, so that a service that cannot be struck so is not left down; then throws its error. */
export async function orLift(inject: () => Promise<void>, lift: () => Promise<void>): Promise<void> {
  try {
    await inject();
  } catch (error) {
    await lift();
    throw error;
  }
}

/** Starts what a fault has restarted as it was. What was deleted since is left alone: recovery has to bring it back. */
export async function restartUnchanged(stack: Stack, struck: Struck<RunningService>): Promise<void> {
  const service = struck.take(stack);
  if (service === undefined || (service.disk !== undefined && !(await service.dataExists()))) return;
  await restart(service);
}
