import { createServer, connect, type Server } from 'node:net';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { PostgresServer } from '../../domain/service.ts';
import { withPostgres } from '../../stack/clients.ts';

/** The same server, with another of its databases. */
export function inDatabase(server: PostgresServer, database: string): PostgresServer {
  const named = `dbname='${database.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
  return {
    ...server,
    connection: { ...server.connection, database },
    // Reading an archive needs no database.
    tool: (name, args, options) =>
      server.tool(name, name === 'pg_restore' ? args : [...args, `--dbname=${named}`], options),
  };
}

/** Makes an empty database beside the server's own. */
export async function createDatabase(server: PostgresServer, name: string, options = ''): Promise<PostgresServer> {
  await withPostgres({ ...server.connection, database: 'postgres' }, (client) =>
    client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} ${options}`),
  );
  return inDatabase(server, name);
}

/** Runs a script of psql; `stopAtErrors` is off for scripts that were written to go on. */
export async function script(server: PostgresServer, sql: string, stopAtErrors = true): Promise<void> {
  const stop = stopAtErrors ? ['--set=ON_ERROR_STOP=1'] : [];
  const tool = server.tool('psql', ['--no-psqlrc', '--quiet', ...stop, '--file=-'], { input: Readable.from([sql]) });
  tool.stdout.resume();
  await tool.completed;
}

/**
 * What pg_dump prints of the database, data included, without what differs from run to run: the comments with numbers
 * and versions, and the token of `\restrict`.
 */
export async function plainDump(server: PostgresServer, args: readonly string[] = []): Promise<string> {
  const tool = server.tool('pg_dump', ['--encoding=UTF8', ...args]);
  const [dump] = await Promise.all([text(tool.stdout), tool.completed]);
  return dump.replaceAll(/^(?:\\(?:un)?restrict .*|-- Dumped (?:from|by) .*|)\n/gm, '');
}

/** Stands before a server and counts who connects. */
export interface Doorkeeper extends AsyncDisposable {
  readonly port: number;
  /** Connections since the last time that this was asked. */
  taken(): number;
}

export async function doorkeeper(target: number): Promise<Doorkeeper> {
  let count = 0;
  const server: Server = createServer((socket) => {
    count += 1;
    const onward = connect(target, '127.0.0.1');
    for (const side of [socket, onward]) side.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    taken: () => {
      const now = count;
      count = 0;
      return now;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}
