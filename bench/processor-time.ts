import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresServer } from '../domain/service.ts';
import { withPostgres } from '../stack/clients.ts';

/** A tick of `/proc/<pid>/stat` (proc(5), sysconf(_SC_CLK_TCK)): 100 a second on every Linux that Node runs on. */
const tickMs = 10;

/** Processor time of the two sides of a restore, in milliseconds. */
export interface ProcessorTime {
  /** Of this process and of the tools that it started and that have ended; the servers and what else still runs apart. */
  clientMs: number;
  /** Of the database server with all of its processes, those that have ended too. */
  serverMs: number;
}

/** Looks at both sides. Linux only: elsewhere the figures stay 0. */
export async function processorTime(server: PostgresServer): Promise<ProcessorTime> {
  const pid = await postmasterOf(server);
  return { clientMs: ownTicks(process.pid) * tickMs, serverMs: treeTicks(pid) * tickMs };
}

/** What was used between two looks. */
export function usedBetween(before: ProcessorTime, after: ProcessorTime): ProcessorTime {
  return { clientMs: after.clientMs - before.clientMs, serverMs: after.serverMs - before.serverMs };
}

async function postmasterOf(server: PostgresServer): Promise<number> {
  const folder = await withPostgres(server.connection, async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory ?? '';
  });
  return Number(safely(() => readFileSync(join(folder, 'postmaster.pid'), 'utf8'), '0').split('\n')[0]);
}

/** User and system time of a process and of its children that have ended and were waited for. */
function ownTicks(pid: number): number {
  const text = safely(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '');
  // The second field, the name, is in brackets and may hold spaces; the times are fields 14 to 17.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

/** The same with the children that still run. */
function treeTicks(pid: number): number {
  const tasks = safely(() => readdirSync(`/proc/${pid}/task`), []);
  const children = tasks.flatMap((task) =>
    safely(() => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8'), '')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
  return ownTicks(pid) + children.reduce((sum, child) => sum + treeTicks(child), 0);
}

/** A process may end between two looks. */
function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
