import type { Client } from 'pg';
import type { TableShape } from '../../domain/masking.ts';
import { definitionTexts } from './definitions.ts';

/** Something of a database that rows can be read from, with the statement that copies them out. */
export interface Relation extends TableShape {
  copy: string;
}

/**
 * Everything that holds rows: tables of every kind that has a file of its own (each partition by itself) and
 * materialised views that are filled, with all their columns, generated ones too; and the large objects. The greatest
 * comes first. After them what the definitions hold.
 */
export async function readRelations(client: Client): Promise<Relation[]> {
  const { rows } = await client.query<TableShape & { kind: string }>(`
    WITH RECURSIVE base (oid, type) AS (
      SELECT oid, oid FROM pg_type WHERE typtype <> 'd'
      UNION ALL
      SELECT d.oid, base.type FROM base JOIN pg_type d ON d.typbasetype = base.oid AND d.typtype = 'd'
    )
    SELECT n.nspname AS schema, c.relname AS "table", c.relkind AS kind,
      coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(base.type, NULL)) ORDER BY a.attnum)
        FILTER (WHERE a.attnum IS NOT NULL), '[]') AS columns
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN base ON base.oid = a.atttypid
    WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND c.relispopulated
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    GROUP BY c.oid, n.nspname
    ORDER BY pg_table_size(c.oid) DESC, 1, 2`);
  const relations = rows.map(({ schema, table, columns }) => {
    const name = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`;
    const list = columns.map((column) => client.escapeIdentifier(column.name)).join(', ');
    // ONLY: a table that others inherit from would give their rows too.
    return { schema, table, columns, copy: `COPY (SELECT ${list} FROM ONLY ${name}) TO STDOUT` };
  });
  return [...relations, largeObjects, ...definitionTexts()];
}

/** Large objects in pieces of 1 MiB, each with the beginning of the next one, so that no value is cut in two. */
const largeObjects: Relation = {
  schema: 'pg_catalog',
  table: 'pg_largeobject',
  columns: [{ name: 'data', type: 'bytea' }],
  copy: `COPY (
    SELECT lo_get(o.oid, piece, 1048576 + 1024) FROM pg_largeobject_metadata o
    CROSS JOIN LATERAL generate_series(0,
      (SELECT coalesce(max(pageno), 0) * 2048 FROM pg_largeobject p WHERE p.loid = o.oid)::bigint, 1048576) AS piece
  ) TO STDOUT`,
};
