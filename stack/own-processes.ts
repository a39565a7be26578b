import { readlinkSync, realpathSync } from 'node:fs';
import { isAlive } from './marks/process-identity.ts';
import { readNotedProcesses } from './marks/run-files.ts';
import type { NotedProcess } from './run-context.ts';

/**
 * The processes of a run that are this project's own programs: API, worker and the built-in stand-ins, told by the
 * Node they run on; PostgreSQL, MinIO and Meilisearch are not among them. Only those that run now. Empty where the
 * system does not tell the program of a process (no /proc).
 */
export async function ownProcesses(runFolder: string): Promise<NotedProcess[]> {
  const node = realpathSync(process.execPath);
  const noted = await readNotedProcesses(runFolder);
  return noted.filter((process) => isAlive(process) && programOf(process.pid) === node);
}

function programOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    // It has just ended, or it belongs to somebody else.
    return undefined;
  }
}
