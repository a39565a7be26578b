import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { inProgramEnvironment } from '../program-environment.ts';
import { askUntil } from '../../domain/ask-until.ts';
import { systemClock } from '../../domain/clock.ts';

/** A System V shared memory segment. */
export interface SharedMemorySegment {
  id: number;
  /** As an unsigned number of 32 bits. */
  key: number;
  creatorPid: number;
  attachedProcesses: number;
}

/** What a PostgreSQL server says of its segment: it stays behind when the server is ended by SIGKILL. */
export interface ServerSegment {
  serverPid: number;
  key: number;
  id: number;
}

/**
 * The segment that the server of a data folder uses, from `postmaster.pid` (PostgreSQL, `miscadmin.h`: line 1 is the
 * pid, line 7 the key and the id of the segment). `undefined` when there is no such file or line.
 */
export async function readServerSegment(dataFolder: string): Promise<ServerSegment | undefined> {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const [key, id] = (lines[6] ?? '').trim().split(/\s+/).map(Number);
  const serverPid = Number(lines[0]);
  if (!Number.isInteger(serverPid) || key === undefined || id === undefined || Number.isNaN(key + id)) return undefined;
  return { serverPid, key: key >>> 0, id };
}

/** The segments of all servers whose data folder is in an instance's folder within the folder of a run. */
export async function readServerSegments(runFolder: string): Promise<ServerSegment[]> {
  const instances = await readdir(runFolder).catch(() => []);
  const segments = await Promise.all(instances.map((name) => readServerSegment(join(runFolder, name, 'data'))));
  return segments.filter((segment) => segment !== undefined);
}

/**
 * Removes the segment of a server that has ended, if it is still there and no process is attached to it: one that is
 * being ended lets go of it last of all, so it is asked again for a second. The id alone is no proof, since ids are
 * used again: key and creator have to be the server's. Says whether the segment is gone.
 */
export async function removeServerSegment(segment: ServerSegment): Promise<boolean> {
  const ask = async (): Promise<'gone' | 'let go' | undefined> => {
    const same = (await listSharedMemory()).find((other) => isSame(other, segment));
    if (same === undefined) return 'gone';
    return same.attachedProcesses > 0 ? undefined : 'let go';
  };
  const patience = { clock: systemClock, withinMs: 1_000, firstPauseMs: 5, longestPauseMs: 50 };
  const found = await askUntil(ask, patience).catch(() => undefined);
  if (found === 'gone') return true;
  if (found === undefined) return false;
  const removed = await execa('ipcrm', ['-m', String(segment.id)], { ...inProgramEnvironment(), reject: false });
  return !removed.failed;
}

/**
 * The segments that these processes have made. A segment bears no mark but the pid of the process that made it, and one
 * that was there `before` them was made by an earlier process with the same pid.
 */
export function segmentsMadeBy(
  pids: ReadonlySet<number>,
  now: readonly SharedMemorySegment[],
  before: readonly SharedMemorySegment[],
): SharedMemorySegment[] {
  const isEarlier = ({ id, key }: SharedMemorySegment): boolean =>
    before.some((other) => other.id === id && other.key === key);
  return now.filter((segment) => pids.has(segment.creatorPid) && !isEarlier(segment));
}

/** All segments of this machine that this user may see. */
export async function listSharedMemory(): Promise<SharedMemorySegment[]> {
  if (process.platform === 'linux') {
    return parseTable(await readFile('/proc/sysvipc/shm', 'utf8').catch(() => ''), {
      id: 'shmid',
      key: 'key',
      creatorPid: 'cpid',
      attachedProcesses: 'nattch',
    });
  }
  const { stdout, failed } = await execa('ipcs', ['-m', '-a'], { ...inProgramEnvironment(), reject: false });
  if (failed) return [];
  return parseTable(stdout, { id: 'ID', key: 'KEY', creatorPid: 'CPID', attachedProcesses: 'NATTCH' });
}

function isSame(found: SharedMemorySegment, wanted: ServerSegment): boolean {
  return found.id === wanted.id && found.key === wanted.key && found.creatorPid === wanted.serverPid;
}

/** Reads a table with a line of headings; lines that are not of the table give no numbers and are left out. */
function parseTable(text: string, headings: Record<keyof SharedMemorySegment, string>): SharedMemorySegment[] {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
  const head = rows.findIndex((row) => row.includes(headings.id) && row.includes(headings.creatorPid));
  if (head < 0) return [];
  const value = (row: string[], name: keyof SharedMemorySegment): number =>
    Number(row[rows[head]?.indexOf(headings[name]) ?? -1]);
  return rows
    .slice(head + 1)
    .map((row) => ({
      id: value(row, 'id'),
      key: value(row, 'key') >>> 0,
      creatorPid: value(row, 'creatorPid'),
      attachedProcesses: value(row, 'attachedProcesses'),
    }))
    .filter(({ id, creatorPid }) => Number.isInteger(id) && Number.isInteger(creatorPid));
}
