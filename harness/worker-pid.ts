import { join } from 'node:path';

export const workerPidName = 'worker.pid';

/** File in the folder of the reports that tells the command which process runs the drill, while it does. */
export function workerPidFile(directory: string): string {
  return join(directory, workerPidName);
}
