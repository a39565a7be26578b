import { DatabaseError, type Client } from 'pg';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { PostgresConnection } from '../domain/service.ts';
import { withPostgres } from '../stack/clients.ts';

/** Classes of SQLSTATE whose messages quote values of rows: data exceptions and broken constraints. */
const quotesValues = ['22', '23'];

/** `work` with a client of the database; what fails there, and is no `DrillError` yet, names the database. */
export async function ofDatabase<T>(
  connection: PostgresConnection,
  purpose: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  try {
    return await withPostgres(connection, work);
  } catch (error) {
    throw databaseError(error, purpose, connection);
  }
}

/** What the database server answered: `tool-failed` where it refused something, `service-unreachable` where it is gone. */
function databaseError(cause: unknown, purpose: string, connection: PostgresConnection): DrillError {
  if (cause instanceof DrillError) return cause;
  const { database, host, port } = connection;
  const refused = cause instanceof DatabaseError;
  const code = refused ? (cause.code ?? '') : '';
  const words = quotesValues.includes(code.slice(0, 2)) ? 'an error that may quote a value' : messageOf(cause);
  return new DrillError({
    code: refused ? 'tool-failed' : 'service-unreachable',
    service: 'postgres',
    what: `the database could not ${purpose}`,
    expected: 'the database server to answer every query',
    actual: code === '' ? words : `${words} (SQLSTATE ${code})`,
    where: `database ${database} at ${host}:${port}`,
    ...(!quotesValues.includes(code.slice(0, 2)) && { cause }),
  });
}
