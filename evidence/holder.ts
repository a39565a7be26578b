import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { ProcessIdentity } from '../domain/ledger.ts';

/** This process, as another one can recognise it later. */
export async function thisProcess(): Promise<ProcessIdentity> {
  const started = await startOf(process.pid);
  return { host: hostname(), pid: process.pid, ...(started !== undefined && { started }) };
}

/**
 * Whether a process is gone for good. One of another machine is never held for gone: nothing can be known about it
 * from here.
 */
export async function isGone({ host, pid, started }: ProcessIdentity): Promise<boolean> {
  if (host !== hostname()) return false;
  if (!exists(pid)) return true;
  if (started === undefined) return false;
  const now = await startOf(pid);
  return now !== undefined && now !== started;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat (proc(5)); `undefined` where there is no such file. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field, the name, is in brackets and may hold spaces; the third is the first one after it.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}
