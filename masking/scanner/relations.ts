import type { Client } from 'pg';
import type { TableShape } from '../../domain/masking.ts';

/** Something of a database that rows can be read from, with the statement that copies them out. */
export interface Relation extends TableShape {
  copy: string;
}

/**
 * Everything that holds rows: tables of every kind that has a file of its own (each partition by itself) and
 * materialised views, with all their columns, generated ones too; and the large objects, where there are any. The
 * greatest comes first.
 */
export async function readRelations(client: Client): Promise<Relation[]> {
  const { rows } = await client.query<TableShape & { kind: string }>(`
    SELECT n.nspname AS schema, c.relname AS "table", c.relkind AS kind,
      json_agg(json_build_object('name', a.attname, 'type', format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL))
        ORDER BY a.attnum) AS columns
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
      AND (n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') OR c.oid = 'pg_largeobject'::regclass)
    GROUP BY c.oid, n.nspname
    ORDER BY pg_table_size(c.oid) DESC, 1, 2`);
  return rows
    .map(({ schema, table, columns }) => {
      const name = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`;
      const list = columns.map((column) => client.escapeIdentifier(column.name)).join(', ');
      // ONLY: a table that others inherit from would give their rows too.
      return { schema, table, columns, copy: `COPY (SELECT ${list} FROM ONLY ${name}) TO STDOUT` };
    })
    .filter(({ schema, table }) => schema !== 'pg_catalog' || table === 'pg_largeobject');
}
