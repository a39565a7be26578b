import type { RunningService, Stack, StartChanges } from '../domain/service.ts';
import type { Struck } from './struck.ts';

/** Ends the service in order and starts it on its data, with the changes. */
export async function restart(service: RunningService, changes?: StartChanges): Promise<void> {
  await service.stop();
  await service.start(changes);
}

/** Starts what a fault has restarted as it was. What was deleted since is left alone: recovery has to bring it back. */
export async function restartUnchanged(stack: Stack, struck: Struck<RunningService>): Promise<void> {
  const service = struck.take(stack);
  if (service === undefined || (service.disk !== undefined && !(await service.dataExists()))) return;
  await restart(service);
}
