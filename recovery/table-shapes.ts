import type { Client } from 'pg';

/** Type of every column, as `format_type` prints it, by the JSON text of `[schema, table, column]`. */
export async function readColumnTypes(client: Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ schema: string; table: string; column: string; type: string }>(`
    SELECT n.nspname AS schema, c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname <> 'pg_catalog'`);
  return new Map(rows.map(({ schema, table, column, type }) => [JSON.stringify([schema, table, column]), type]));
}
