import type { Client } from 'pg';
import type { ColumnRef } from '../domain/masking.ts';

/** A column as the catalogue of a database has it. */
export interface CatalogueColumn extends ColumnRef {
  /** `type`, or for a domain the type below it. */
  baseType: string;
  notNull: boolean;
}

/**
 * Tables of the user whose rows a dump holds: ordinary and partitioned ones, but not foreign ones, and of an extension's
 * own tables only those that it has dumped.
 */
const userTables = `
  pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p')
    AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND NOT EXISTS (
      SELECT FROM pg_depend d
      JOIN pg_extension e ON e.oid = d.refobjid AND NOT c.oid = ANY (coalesce(e.extconfig, '{}'))
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
        AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e')`;

/**
 * All columns of all user tables, sorted by name. Generated columns are left out, since they follow from the others;
 * partitions too, since their parent stands for them.
 */
export async function readColumns(client: Client): Promise<CatalogueColumn[]> {
  const { rows } = await client.query<CatalogueColumn>(`
    WITH RECURSIVE tables AS (
      SELECT c.oid, n.nspname, c.relname FROM ${userTables} AND NOT c.relispartition
    ), base AS (
      SELECT t.oid, t.oid AS base_oid, t.typtype, t.typbasetype, -1 AS typmod FROM pg_type t
      WHERE t.typtype = 'd'
      UNION ALL
      SELECT base.oid, t.oid, t.typtype, t.typbasetype, d.typtypmod
      FROM base JOIN pg_type d ON d.oid = base.base_oid AND d.typtype = 'd' JOIN pg_type t ON t.oid = d.typbasetype
    )
    SELECT tables.nspname AS schema, tables.relname AS "table", a.attname AS "column",
      format_type(a.atttypid, a.atttypmod) AS type,
      coalesce(format_type(base.base_oid, base.typmod), format_type(a.atttypid, a.atttypmod)) AS "baseType",
      a.attnotnull AS "notNull"
    FROM tables
    JOIN pg_attribute a ON a.attrelid = tables.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    LEFT JOIN base ON base.oid = a.atttypid AND base.typtype <> 'd'
    ORDER BY tables.nspname, tables.relname, a.attname`);
  return rows;
}

/** The topmost parent of every partition, both as `schema.table`. */
export async function readPartitionRoots(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ partition: string; root: string }>(`
    SELECT n.nspname || '.' || c.relname AS partition, rn.nspname || '.' || r.relname AS root
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class r ON r.oid = pg_partition_root(c.oid) JOIN pg_namespace rn ON rn.oid = r.relnamespace
    WHERE c.relispartition AND c.relkind IN ('r', 'p')`);
  return new Map(rows.map(({ partition, root }) => [partition, root]));
}
