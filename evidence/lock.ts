import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemClock, type Clock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { ProcessIdentity } from '../domain/ledger.ts';
import { isGone, thisProcess } from './holder.ts';
import { askUntil } from '../domain/ask-until.ts';
import { removeOnExit } from '../files/remove-on-exit.ts';

interface LockOptions {
  clock?: Clock;
  /** How long a lock of a living process is waited for. */
  timeoutMs?: number;
}

/** A lock of a process that is known; `nonce` tells its locks apart. */
type Lock = ProcessIdentity & { nonce: string };

/**
 * Does `work` while no other process does any under the same path. The lock is a file that is put there whole, by
 * `link`, so that it never lacks its holder's name. A lock whose holder is gone is taken over; a lock of a living one is
 * waited for, then a `DrillError` (`configuration`) tells who holds it.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  await take(path, options);
  const forget = removeOnExit(path);
  try {
    return await work();
  } finally {
    await unlink(path);
    forget();
  }
}

async function take(path: string, { clock = systemClock, timeoutMs = 30_000 }: LockOptions): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const mine: Lock = { ...(await thisProcess()), nonce: randomUUID() };
  const whole = `${path}.${mine.nonce}`;
  const forget = removeOnExit(whole);
  await writeFile(whole, JSON.stringify(mine), { flag: 'wx' });
  try {
    let holder: Lock | undefined;
    const isMine = async (): Promise<boolean> => {
      if (await isLinked(whole, path)) return true;
      const other = await readLock(path);
      if (other === 'unreadable' || (other !== 'none' && (await isGone(other)))) await takeOver(path, other);
      else if (other !== 'none') holder = other;
      return false;
    };
    const patience = { clock, withinMs: timeoutMs, firstPauseMs: 5, longestPauseMs: 50 };
    if (!(await askUntil(isMine, patience))) throw held(path, holder);
  } finally {
    await rm(whole, { force: true });
    forget();
  }
}

async function isLinked(whole: string, path: string): Promise<boolean> {
  try {
    await link(whole, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a lock that nobody will give back. Two processes may find it at once, and the slower one must not remove the
 * lock that the faster one has taken since: so it is removed under a lock of its own, named after it, and only if it is
 * still the same one.
 */
async function takeOver(path: string, dead: Lock | 'unreadable'): Promise<void> {
  const nonce = dead === 'unreadable' ? dead : dead.nonce;
  await withLock(`${path}.${nonce}.gone`, async () => {
    const now = await readLock(path);
    if (now === 'none') return;
    if ((now === 'unreadable' ? now : now.nonce) === nonce) await unlink(path);
  });
}

/** A lock is written whole: what cannot be read was left by a machine that lost power. */
async function readLock(path: string): Promise<Lock | 'none' | 'unreadable'> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'none';
    throw error;
  }
  try {
    const { host, pid, nonce, started } = JSON.parse(text) as Lock;
    const isWhole = typeof host === 'string' && Number.isInteger(pid) && /^[0-9a-f-]{36}$/.test(nonce);
    return isWhole ? { host, pid, nonce, ...(started !== undefined && { started }) } : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function held(path: string, holder: Lock | undefined): DrillError {
  return new DrillError({
    code: 'configuration',
    what: 'another process keeps the lock',
    expected: 'a lock that is given back in time',
    actual: holder ? `process ${holder.pid} on ${holder.host}` : 'others took it again and again',
    where: path,
    hint: 'If that machine is gone for good, remove the file.',
  });
}
