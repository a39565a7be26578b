import type { Client } from 'pg';
import type { SequenceState } from '../domain/recovery.ts';
import { inUserSchema, notOfExtension } from './catalogue-filters.ts';

/**
 * Every sequence with the value that it hands out next (`is_called` respected) and, for each column that it feeds by
 * identity, ownership or default, the furthest value in that column: the greatest, of a descending sequence the least.
 */
export async function observeSequences(client: Client): Promise<SequenceState[]> {
  const { rows } = await client.query<SequenceRow>(sequencesQuery);
  const states: SequenceState[] = [];
  for (const row of rows) {
    const descending = BigInt(row.increment) < 0n;
    const columnMax = await furthest(client, row, descending);
    const { rows: current } = await client.query<{ next: string }>(
      `SELECT (CASE WHEN is_called THEN last_value::numeric + ${BigInt(row.increment)} ELSE last_value END)::text AS next
       FROM ${row.name}`,
    );
    states.push({
      name: row.name,
      next: current[0]?.next ?? '0',
      ...(descending && { descending: true as const }),
      ...(row.column !== null && { column: row.column }),
      ...(columnMax !== undefined && { columnMax }),
    });
  }
  return states;
}

interface SequenceRow {
  name: string;
  increment: string;
  /** `schema.table.column`; null when it feeds none. */
  column: string | null;
  table_name: string | null;
  column_name: string | null;
  /** Whether the column's values can be compared with those of the sequence. */
  numeric: boolean | null;
}

/**
 * Dependencies name the columns: of the sequence on a column that owns it (serial, identity), and of a column's default
 * on the sequence.
 */
const sequencesQuery = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name, s.seqincrement::text AS increment,
    CASE WHEN a.attnum IS NOT NULL THEN format('%I.%I.%I', tn.nspname, t.relname, a.attname) END AS column,
    CASE WHEN a.attnum IS NOT NULL THEN format('%I.%I', tn.nspname, t.relname) END AS table_name,
    CASE WHEN a.attnum IS NOT NULL THEN format('%I', a.attname) END AS column_name,
    a.atttypid = ANY ('{int2,int4,int8,numeric}'::regtype[]) AS numeric
  FROM pg_catalog.pg_sequence s
  JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN (
    SELECT objid AS sequence, refobjid AS relation, refobjsubid AS number FROM pg_catalog.pg_depend
    WHERE classid = 'pg_catalog.pg_class'::regclass AND refclassid = 'pg_catalog.pg_class'::regclass
      AND deptype IN ('a', 'i') AND refobjsubid > 0
    UNION
    SELECT d.refobjid, v.adrelid, v.adnum FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_attrdef v ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND v.oid = d.objid
    WHERE d.refclassid = 'pg_catalog.pg_class'::regclass
  ) AS feeds ON feeds.sequence = c.oid
  LEFT JOIN pg_catalog.pg_class t ON t.oid = feeds.relation
  LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = feeds.relation AND a.attnum = feeds.number
  WHERE c.relpersistence <> 't' AND ${inUserSchema('n')} AND ${notOfExtension('pg_class', 'c')}
  ORDER BY 1, 3`;

async function furthest(client: Client, row: SequenceRow, descending: boolean): Promise<string | undefined> {
  if (row.table_name === null || row.numeric !== true) return undefined;
  const { rows } = await client.query<{ value: string | null }>(
    `SELECT trunc(${descending ? 'min' : 'max'}(${row.column_name})::numeric)::text AS value FROM ${row.table_name}`,
  );
  return rows[0]?.value ?? undefined;
}
