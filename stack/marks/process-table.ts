import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { identify, statFields, type ProcessIdentity } from './process-identity.ts';

/** A process of this machine, as far as this user may see it. */
export interface SeenProcess {
  pid: number;
  parentPid: number;
  /** Its arguments, joined by spaces; a server of PostgreSQL writes what it does there. */
  command: string;
  /** `NAME=value` a piece, with NUL between; absent where it may not be seen, or on a system without `/proc`. */
  environment?: string;
}

/**
 * All processes, on Linux from `/proc`, elsewhere from `ps`, which shows no environment. Left out are those of another
 * pid namespace: a run in a container of its own names its owner by a pid that means another process here.
 */
export function processTable(): SeenProcess[] {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

/** The identities of the processes that `isWanted`. */
export function findProcesses(isWanted: (seen: SeenProcess) => boolean): ProcessIdentity[] {
  return processTable()
    .filter((seen) => isWanted(seen))
    .map(({ pid }) => identify(pid))
    .filter((identity) => identity !== undefined);
}

/** This process and those that it was started by. */
export function ownAncestors(table: readonly SeenProcess[]): Set<number> {
  const ancestors = new Set<number>();
  for (let pid: number | undefined = process.pid; pid !== undefined && !ancestors.has(pid);) {
    ancestors.add(pid);
    pid = table.find((seen) => seen.pid === pid)?.parentPid;
  }
  return ancestors;
}

function fromProc(): SeenProcess[] {
  const ownNamespace = namespaceOf('self');
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => readProc(Number(entry), ownNamespace))
    .filter((seen) => seen !== undefined);
}

function readProc(pid: number, ownNamespace: string | undefined): SeenProcess | undefined {
  const parentPid = statFields(pid)?.[1];
  const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  if (parentPid === undefined || command === undefined) return undefined;
  const namespace = namespaceOf(pid);
  if (namespace !== undefined && namespace !== ownNamespace) return undefined;
  const environment = attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));
  return {
    pid,
    parentPid: Number(parentPid),
    command: command.replaceAll('\0', ' ').trim(),
    ...(environment !== undefined && { environment }),
  };
}

function namespaceOf(pid: number | 'self'): string | undefined {
  return attempt(() => readlinkSync(`/proc/${pid}/ns/pid`));
}

/** A process may end while it is read, and those of other users may be closed: both are no error. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function fromPs(): SeenProcess[] {
  const lines = execFileSync('ps', ['-axww', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parentPid, ...command] = line.trim().split(/\s+/);
    return { pid: Number(pid), parentPid: Number(parentPid), command: command.join(' ') };
  });
}
