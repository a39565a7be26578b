import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { execa } from '../../programs/execa.ts';
import { inProgramEnvironment } from '../program-environment.ts';
import { askUntil } from '../../domain/ask-until.ts';
import { systemClock } from '../../domain/clock.ts';

/** Whether somebody accepts connections on the port of 127.0.0.1. */
export function isPortOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 });
    const settle = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(true));
  });
}

/** Resolves when nobody listens on the port any more; rejects when somebody still does after five seconds. */
export async function waitUntilPortCloses(port: number): Promise<void> {
  const isClosed = async (): Promise<boolean> => !(await isPortOpen(port));
  const patience = { clock: systemClock, withinMs: 5_000, firstPauseMs: 5, longestPauseMs: 100 };
  if (!(await askUntil(isClosed, patience))) throw new Error(`port ${port} is still open`);
}

/**
 * The processes that listen on a TCP port, as far as this user may see them: on Linux from `/proc/net/tcp` and the
 * open files of the processes (proc(5)), elsewhere from `lsof`. Empty where nobody listens.
 */
export async function listenersOf(port: number): Promise<number[]> {
  if (process.platform === 'linux') return listenersFromProc(port);
  const { stdout } = await execa('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], {
    ...inProgramEnvironment(),
    reject: false,
  });
  return stdout.split('\n').filter(Boolean).map(Number);
}

function listenersFromProc(port: number): number[] {
  const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listeningSockets(table, port)));
  if (sockets.size === 0) return [];
  return readNames('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => openFiles(pid).some((file) => sockets.has(file)))
    .map(Number);
}

/** The sockets in state LISTEN (0A) on a port, written as `/proc/<pid>/fd` shows them. */
function listeningSockets(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = readText(`/proc/net/${table}`)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  return rows.filter((row) => row[3] === '0A' && row[1]?.endsWith(`:${wanted}`)).map((row) => `socket:[${row[9]}]`);
}

function openFiles(pid: string): string[] {
  return readNames(`/proc/${pid}/fd`).map((descriptor) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    } catch {
      return '';
    }
  });
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
