import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { identify, isAlive } from './marks/process-identity.ts';
import { readNotedProcesses } from './marks/run-files.ts';
import type { NotedProcess } from './run-context.ts';

/**
 * The processes of a run that are this project's own programs: API, worker and the built-in stand-ins, told by the
 * Node they run on, and what this process has forked; PostgreSQL, MinIO and Meilisearch are not among them. Only those
 * that run now. Empty where the system does not tell the program of a process (no /proc).
 */
export async function ownProcesses(runFolder: string): Promise<NotedProcess[]> {
  const node = realpathSync(process.execPath);
  const noted = await readNotedProcesses(runFolder);
  const known = new Set(noted.map(({ pid }) => pid));
  const forked = childrenOf(process.pid)
    .filter((pid) => !known.has(pid))
    .map((pid) => ({ ...identify(pid), what: scriptOf(pid) }))
    .filter((child): child is NotedProcess => child.startTime !== undefined);
  return [...noted, ...forked].filter((process) => isAlive(process) && programOf(process.pid) === node);
}

/** Pids of the children, of each thread's (proc(5), `/proc/pid/task/tid/children`). */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
    );
  } catch {
    // A thread has just ended, or the system does not tell.
    return [];
  }
}

/** The name of the script that a Node process runs, without its ending. */
function scriptOf(pid: number): string {
  try {
    const argument = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .find((part) => part.endsWith('.ts'));
    return basename(argument ?? 'node', '.ts');
  } catch {
    return 'node';
  }
}

function programOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    // It has just ended, or it belongs to somebody else.
    return undefined;
  }
}
