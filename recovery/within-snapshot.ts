import type { Client } from 'pg';
import { DrillError } from '../domain/drill-error.ts';

/**
 * How values are written as text, so that two servers write the same value alike, whatever their settings are. An
 * empty search path makes the server qualify every name. Leaders and workers share the reading of large tables.
 */
const textSettings: Readonly<Record<string, string>> = {
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  extra_float_digits: '3',
  bytea_output: 'hex',
  lc_monetary: 'C',
  xmloption: 'content',
  search_path: '',
  row_security: 'off',
  quote_all_identifiers: 'off',
  parallel_setup_cost: '0',
  parallel_tuple_cost: '0',
  jit: 'off',
  statement_timeout: '0',
};

/**
 * Runs `work` in a read-only repeatable-read transaction with the settings above. A client that is inside such a
 * transaction already is used as it is: its settings are put back afterwards by a savepoint.
 */
export async function withinSnapshot<T>(client: Client, work: () => Promise<T>): Promise<T> {
  const nested = client.getTransactionStatus() === 'T';
  await client.query(nested ? 'SAVEPOINT observation' : 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    if (nested) await requireSnapshot(client);
    const settings = Object.entries(textSettings);
    await client.query(
      'SELECT set_config(name, value, true) FROM unnest($1::text[], $2::text[]) AS setting (name, value)',
      [settings.map(([name]) => name), settings.map(([, value]) => value)],
    );
    return await work();
  } finally {
    // Nothing was written. After a lost connection there is nothing to end either, and the first error counts.
    const end = nested ? 'ROLLBACK TO SAVEPOINT observation; RELEASE SAVEPOINT observation' : 'ROLLBACK';
    await client.query(end).catch(() => undefined);
  }
}

async function requireSnapshot(client: Client): Promise<void> {
  const { rows } = await client.query<{ level: string }>("SELECT current_setting('transaction_isolation') AS level");
  const level = rows[0]?.level ?? 'unknown';
  if (level === 'repeatable read' || level === 'serializable') return;
  throw new DrillError({
    code: 'internal',
    what: 'a database was to be observed inside a transaction that has no snapshot of its own',
    expected: 'isolation level repeatable read',
    actual: level,
  });
}
