import { text } from 'node:stream/consumers';
import type { Client } from 'pg';
import type { DumpedStatements } from '../domain/recovery.ts';
import type { PostgresServer, PostgresTool } from '../domain/service.ts';
import { digestDefinitions, digestGlobals } from './dump-statements.ts';
import { everyRoleSettings } from './every-role-settings.ts';
import { toolOutput } from './tool-output.ts';

export interface StatementOptions {
  /** Connected to the database that is observed. */
  client: Client;
  /** An exported snapshot that the definitions are read through. */
  snapshot?: string;
  /** In place of the server's own database. */
  database?: string;
  signal?: AbortSignal;
}

/**
 * What PostgreSQL itself would restore, object by object: the definitions of the database by `pg_dump`, and by
 * `pg_dumpall` what belongs to the whole server. Our own lists know the kinds of object that somebody has thought of;
 * these know all of them. Only digests leave this function, since statements can hold passwords.
 */
export async function observeStatements(server: PostgresServer, options: StatementOptions): Promise<DumpedStatements> {
  const everyRole = await everyRoleSettings(options.client);
  const dumpArguments = await argumentsOf(options);
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  const read = async <T>(
    name: PostgresTool,
    args: string[],
    reader: (out: AsyncIterable<Buffer>) => Promise<T>,
  ): Promise<T> => {
    try {
      return await reader(toolOutput(server.tool(name, args, { signal })));
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  };
  const [definitions, globals] = await Promise.allSettled([
    read('pg_dump', dumpArguments, digestDefinitions),
    read('pg_dumpall', ['--globals-only'], text),
  ]);
  if (failure.signal.aborted && !options.signal?.aborted) throw failure.signal.reason;
  if (definitions.status === 'rejected') throw definitions.reason;
  if (globals.status === 'rejected') throw globals.reason;
  return { ...definitions.value, globals: digestGlobals(globals.value + everyRole) };
}

async function argumentsOf({ client, snapshot, database }: StatementOptions): Promise<string[]> {
  const { rows } = await client.query<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding");
  return [
    '--schema-only',
    '--create',
    '--verbose',
    // SQL_ASCII is no encoding: what is in it cannot be turned into one.
    ...(rows[0]?.encoding === 'SQL_ASCII' ? [] : ['--encoding=UTF8']),
    ...(snapshot === undefined ? [] : [`--snapshot=${snapshot}`]),
    ...(database === undefined ? [] : [`--dbname=${database}`]),
  ];
}
