import { PassThrough } from 'node:stream';
import type { PostgresServer } from '../domain/service.ts';
import { withPostgres } from '../stack/clients.ts';
import { toolOutput } from './tool-output.ts';

/**
 * Makes a second database on the server, with the definitions of its own and no rows, and gives its name. Subscriptions
 * are left out, so that it asks nobody for anything. Disposing it drops it.
 */
export async function makeEmptyCopy(
  server: PostgresServer,
  name: string,
  signal?: AbortSignal,
): Promise<AsyncDisposable> {
  const options = { ...(signal && { signal }) };
  const drop = (): Promise<void> =>
    withPostgres(server.connection, async (client) => {
      // What was done to it may have made it a template, which cannot be dropped.
      await client.query('UPDATE pg_catalog.pg_database SET datistemplate = false WHERE datname = $1', [name]);
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
    });
  await drop();
  await withPostgres(server.connection, (client) =>
    client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE template0`),
  );
  try {
    const script = toolOutput(server.tool('pg_dump', ['--schema-only', '--no-subscriptions'], options));
    const input = script.pipe(new PassThrough());
    script.on('error', (error) => input.destroy(error));
    await server.tool('psql', [`--dbname=${name}`, '--quiet', '--no-psqlrc'], { ...options, input }).completed;
    return { [Symbol.asyncDispose]: drop };
  } catch (error) {
    await drop().catch(() => undefined);
    throw error;
  }
}
