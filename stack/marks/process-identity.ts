import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { askUntil } from '../../domain/ask-until.ts';
import { systemClock } from '../../domain/clock.ts';

/** A process that cannot be mistaken for a later one which was given the same pid. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, as the system writes it; only ever compared for equality. */
  startTime: string;
}

/**
 * When the process started, or `undefined` where none has that pid. On Linux it is field 22 of `/proc/<pid>/stat`
 * (proc(5): clock ticks since boot), elsewhere what `ps -o lstart=` prints. A zombie counts as ended.
 */
function startTimeOf(pid: number): string | undefined {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** The identity of a process that runs now, or `undefined`. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether this very process still runs: the same pid started at another time is another process. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return startTimeOf(pid) === startTime;
}

/** Whether the process stands still, as after SIGSTOP. */
export function isHalted(pid: number): boolean {
  if (process.platform === 'linux') return statFields(pid)?.[0] === 'T';
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('T');
  } catch {
    return false;
  }
}

/** Sends a signal to this very process; does nothing when it has ended. Says whether the signal was sent. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    // It ended between the two calls.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Sends SIGKILL to what `find` finds until it finds nothing more: what is being killed may still start others. Rejects
 * when there still is something after five seconds.
 */
export async function killAll(find: () => ProcessIdentity[]): Promise<void> {
  let found: ProcessIdentity[] = [];
  const areGone = (): boolean => {
    found = find();
    for (const identity of found) signalProcess(identity, 'SIGKILL');
    return found.length === 0;
  };
  const patience = { clock: systemClock, withinMs: 5_000, firstPauseMs: 5, longestPauseMs: 100 };
  if (!(await askUntil(areGone, patience)))
    throw new Error(`still running: process ${found.map(({ pid }) => pid).join(', ')}`);
}

function fromProc(pid: number): string | undefined {
  const fields = statFields(pid);
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** The fields of `/proc/<pid>/stat` from the third (state) on; the second, the name, may hold spaces and brackets. */
export function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [state = '', ...startTime] = line.split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : startTime.join(' ');
  } catch {
    return undefined;
  }
}
