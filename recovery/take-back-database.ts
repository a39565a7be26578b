import type { Client } from 'pg';
import { DrillError } from '../domain/drill-error.ts';
import type { PostgresServer } from '../domain/service.ts';
import { withPostgres } from '../stack/clients.ts';
import { inUserSchema, notOfExtension, ownRole } from './catalogue-filters.ts';
import { codeOf } from './store-error.ts';
import { askUntil } from '../domain/ask-until.ts';
import { systemClock } from '../domain/clock.ts';

/** What a server has beside an empty database. */
export interface EmptyDatabase {
  roles: readonly string[];
}

/** Throws `restore-failed` when the database holds tables or the like already: a restore is never over what is there. */
export async function requireEmptyDatabase({ connection }: PostgresServer): Promise<EmptyDatabase> {
  const { database, host, port } = connection;
  return withPostgres(connection, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE ${inUserSchema('n')} AND ${notOfExtension('pg_class', 'c')} LIMIT 1`,
    );
    if (!rows[0]) return { roles: await rolesOf(client) };
    throw new DrillError({
      code: 'restore-failed',
      service: 'postgres',
      what: 'the database to restore into is not empty',
      expected: 'a database that holds nothing',
      actual: `it holds ${rows[0].name}`,
      where: `database ${database} at ${host}:${port}`,
      hint: 'Restore into a new server; nothing was written to this one.',
    });
  });
}

/** How long a server may take to come up again that has ended its sessions after a failure of one of them. */
const comesUpWithinMs = 10_000;

/** What such a server answers: `cannot_connect_now`, the ends of sessions, or nobody there yet. */
const notYet = ['57P01', '57P02', '57P03', 'ECONNREFUSED', 'ECONNRESET'];

/**
 * Empties the database again after a restore that failed, and removes the roles that it has made. A server that cannot do
 * that any more, because its disk is full or because it ended, is taken away with its data. Says which of them it was.
 */
export async function takeBackDatabase(target: PostgresServer, before: EmptyDatabase): Promise<string> {
  const emptied = async (): Promise<'empty' | 'cannot' | undefined> => {
    if (!(await target.isRunning())) return 'cannot';
    try {
      await emptyAgain(target, before);
      return 'empty';
    } catch (error) {
      // What it answers otherwise it would answer again.
      return notYet.includes(codeOf(error)) ? undefined : 'cannot';
    }
  };
  if ((await askUntil(emptied, { clock: systemClock, withinMs: comesUpWithinMs })) === 'empty')
    return 'Nothing of the backup was left in it: its database is empty as before.';
  await target[Symbol.asyncDispose]();
  return 'Nothing of the backup was left: the server could not empty its database and was removed with its data.';
}

async function emptyAgain({ connection }: PostgresServer, { roles }: EmptyDatabase): Promise<void> {
  const maintenance = connection.database === 'postgres' ? 'template1' : 'postgres';
  await withPostgres({ ...connection, database: maintenance }, async (client) => {
    const name = client.escapeIdentifier(connection.database);
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    const made = (await rolesOf(client)).filter((role) => !roles.includes(role));
    if (made.length > 0)
      await client.query(`DROP ROLE ${made.map((role) => client.escapeIdentifier(role)).join(', ')}`);
    await client.query(`CREATE DATABASE ${name}`);
  });
}

async function rolesOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ rolname: string }>(
    `SELECT rolname FROM pg_catalog.pg_roles r WHERE ${ownRole('r')}`,
  );
  return rows.map(({ rolname }) => rolname);
}
