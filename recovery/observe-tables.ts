import type { Client } from 'pg';
import { largeObjects } from '../domain/masking.ts';
import type { ObservationFormat, TableContent } from '../domain/recovery.ts';
import { inUserSchema, notOfExtension } from './catalogue-filters.ts';
import { countedAs, together } from './partition-roots.ts';
import { digestFormat1, digestOf, rowHashOf } from './row-digest.ts';
import { columnOutput, type HashedColumn } from './row-hash.ts';

/** Which tables are read: by the names that their rows are counted under; by default all. */
export interface TableChoice {
  only?: ReadonlySet<string>;
}

/**
 * Rows and digest of every table that holds rows: ordinary tables and the leaves of partitioned ones, and those tables
 * of extensions that belong into a dump, as far as they do.
 */
export async function observeTables(
  client: Client,
  format: ObservationFormat,
  choice: TableChoice = {},
): Promise<Record<string, TableContent>> {
  const contents = await digestAll(client, tablesQuery, format, choice);
  if (!isChosen(choice, largeObjects)) return contents;
  const objects = await observeLargeObjects(client, format);
  if (objects.rows > 0) contents[largeObjects] = objects;
  return contents;
}

/** Rows and digest of every materialised view that is populated. A dump has none of its rows: a restore makes them anew. */
export async function observeMaterialisedViews(
  client: Client,
  format: ObservationFormat,
  choice: TableChoice = {},
): Promise<Record<string, TableContent>> {
  return digestAll(client, materialisedViewsQuery, format, choice);
}

/** Whether a table is to be read. */
export function isChosen({ only }: TableChoice, name: string): boolean {
  return only === undefined || only.has(name);
}

interface TableRow {
  name: string;
  /** The name that its rows are counted under: its own, or that of the root of its partitions. */
  counted: string;
  /** By name. */
  columns: HashedColumn[];
  /** Of a table that belongs to an extension: which of its rows are dumped, as `WHERE …`; else empty. */
  condition: string;
}

async function digestAll(
  client: Client,
  query: string,
  format: ObservationFormat,
  choice: TableChoice,
): Promise<Record<string, TableContent>> {
  const { rows: tables } = await client.query<TableRow>(query);
  const contents: Record<string, TableContent> = {};
  for (const { name, counted, columns, condition } of tables) {
    if (!isChosen(choice, counted)) continue;
    if (format === 1) {
      contents[name] = await digestFormat1(client, `SELECT (t.*)::text AS line FROM ONLY ${name} AS t`);
    } else {
      const content = await digestOf(client, rowHashOf(format, columns), `FROM ONLY ${name} AS t ${condition}`);
      contents[counted] = together(contents[counted], content);
    }
  }
  return contents;
}

/** SQL: the columns of the relation `c`, which is `t` where they are read, as `HashedColumn`s by their names. */
export const columnsByName = `coalesce((
    SELECT json_agg(json_build_object('expression', format('t.%I', a.attname), 'output', ${columnOutput})
      ORDER BY a.attname COLLATE "C")
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
    JOIN pg_catalog.pg_proc p ON p.oid = y.typoutput
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]') AS columns`;

const tablesQuery = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name, ${countedAs} AS counted, ${columnsByName},
    coalesce(config.condition, '') AS condition
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN (
    SELECT config.oid, config.condition
    FROM pg_catalog.pg_extension e CROSS JOIN unnest(e.extconfig, e.extcondition) AS config (oid, condition)
  ) AS config ON config.oid = c.oid
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${inUserSchema('n')}
    AND (${notOfExtension('pg_class', 'c')} OR config.oid IS NOT NULL)
  ORDER BY 1`;

const materialisedViewsQuery = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name, format('%I.%I', n.nspname, c.relname) AS counted,
    ${columnsByName}, '' AS condition
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'm' AND c.relispopulated AND ${inUserSchema('n')} AND ${notOfExtension('pg_class', 'c')}
  ORDER BY 1`;

/**
 * A large object is digested by its pages, since a whole one may be greater than a value can be, and by its end. What
 * was never written of a page reads as zeros, and is stored as such by a restore: zeros at the end of a page count as
 * none.
 */
async function observeLargeObjects(client: Client, format: ObservationFormat): Promise<TableContent> {
  if (format === 1) {
    const lines = `SELECT oid::text || ' ' || md5(lo_get(oid)) AS line FROM pg_catalog.pg_largeobject_metadata`;
    return digestFormat1(client, lines);
  }
  const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM pg_catalog.pg_largeobject_metadata');
  const { digest } = await digestOf(
    client,
    rowHashOf(format, pageColumns),
    `FROM (
      SELECT loid, pageno, rtrim(data, '\\x00'::bytea) AS data FROM pg_catalog.pg_largeobject
        WHERE rtrim(data, '\\x00'::bytea) <> ''
      UNION ALL
      SELECT m.oid, -1, int8send(coalesce((SELECT o.pageno::bigint * 2048 + length(o.data)
        FROM pg_catalog.pg_largeobject o WHERE o.loid = m.oid ORDER BY o.pageno DESC LIMIT 1), 0))
      FROM pg_catalog.pg_largeobject_metadata m
    ) AS page`,
  );
  return { rows: Number(rows[0]?.count ?? 0), digest };
}

const pageColumns: readonly HashedColumn[] = [
  { expression: 'page.loid', output: 'oidout' },
  { expression: 'page.pageno', output: 'int4out' },
  { expression: 'page.data', output: 'byteaout' },
];
