import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { identify, statFields, type ProcessIdentity } from './process-identity.ts';

/** A process of this machine, as far as this user may see it. */
export interface SeenProcess {
  pid: number;
  parentPid: number;
  /** Name of the program. */
  name: string;
  /** Working folder and environment; absent where they may not be seen, or on a system without `/proc`. */
  cwd?: string;
  environment?: string;
}

/** All processes. On Linux from `/proc`, elsewhere from `ps`, which shows neither working folder nor environment. */
export function processTable(): SeenProcess[] {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

/** The processes whose parent is `pid` now. */
export function childrenOf(pid: number): ProcessIdentity[] {
  return identifyAll(processTable().filter(({ parentPid }) => parentPid === pid));
}

/** The processes of a program whose working folder is `folder` or in it, the folder may be deleted by now. */
export function processesIn(folder: string, name: string): ProcessIdentity[] {
  return identifyAll(processTable().filter((seen) => seen.name === name && isIn(folder, seen.cwd)));
}

/** Whether a working folder, as `/proc` shows it, is `folder` or in it. */
export function isIn(folder: string, cwd: string | undefined): boolean {
  return cwd !== undefined && (cwd === folder || cwd === `${folder} (deleted)` || cwd.startsWith(`${folder}/`));
}

function identifyAll(seen: SeenProcess[]): ProcessIdentity[] {
  return seen.map(({ pid }) => identify(pid)).filter((identity) => identity !== undefined);
}

function fromProc(): SeenProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => readProc(Number(entry)))
    .filter((seen) => seen !== undefined);
}

function readProc(pid: number): SeenProcess | undefined {
  const parentPid = Number(statFields(pid)?.[1]);
  const name = attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd());
  if (Number.isNaN(parentPid) || name === undefined) return undefined;
  const cwd = attempt(() => readlinkSync(`/proc/${pid}/cwd`));
  const environment = attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));
  return { pid, parentPid, name, ...(cwd !== undefined && { cwd }), ...(environment !== undefined && { environment }) };
}

/** A process may end while it is read, and those of other users are closed: both are no error. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function fromPs(): SeenProcess[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,comm='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parentPid, ...name] = line.trim().split(/\s+/);
    return { pid: Number(pid), parentPid: Number(parentPid), name: name.join(' ').replace(/^.*\//, '') };
  });
}
