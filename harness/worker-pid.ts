import { join } from 'node:path';

export const workerPidName = 'worker.pid';

/** File in the folder of the reports that tells the command which process runs the drill, while it does. */
export function workerPidFile(directory: string): string {
  return join(directory, workerPidName);
}

/** What is in it: the run is named, since a run that was killed leaves the file, and its pid is another's later. */
export function workerPidText(pid: number, runId: string): string {
  return `${pid} ${runId}\n`;
}

/** The process that runs this run's drill; `undefined` where the text is none or another run's. */
export function readWorkerPid(text: string, runId: string): number | undefined {
  const [, pid, named] = /^(\d+) (\S+)\n$/.exec(text) ?? [];
  return pid !== undefined && named === runId ? Number(pid) : undefined;
}
