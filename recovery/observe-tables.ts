import type { Client } from 'pg';
import type { TableContent } from '../domain/recovery.ts';
import { inUserSchema, notOfExtension } from './catalogue-filters.ts';

/** Under this name the large objects are counted, where there are any. */
export const largeObjects = 'pg_catalog.pg_largeobject';

/**
 * Rows and digest of every table that holds rows: ordinary tables and the leaves of partitioned ones, and those tables
 * of extensions that belong into a dump.
 *
 * Digest of a table: md5 of each row's text; its first and its last 64 bits, as signed integers, are each summed over
 * all rows; the two sums modulo 2^64, as 16 hex digits each. Sums do not depend on the order, and equal rows add up
 * where an exclusive or would cancel them out.
 */
export async function observeTables(client: Client): Promise<Record<string, TableContent>> {
  const { rows: tables } = await client.query<{ name: string }>(tablesQuery);
  const contents: Record<string, TableContent> = {};
  for (const { name } of tables)
    contents[name] = await digest(client, `SELECT (t.*)::text AS line FROM ONLY ${name} AS t`);
  const objects = await digest(client, largeObjectLines);
  if (objects.rows > 0) contents[largeObjects] = objects;
  return contents;
}

/** A large object's line is its number and its content; its pages may be cut otherwise after a restore. */
const largeObjectLines = `SELECT oid::text || ' ' || md5(lo_get(oid)) AS line FROM pg_catalog.pg_largeobject_metadata`;

const tablesQuery = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${inUserSchema('n')}
    AND (${notOfExtension('pg_class', 'c')}
      OR EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE c.oid = ANY (e.extconfig)))
  ORDER BY 1`;

async function digest(client: Client, lines: string): Promise<TableContent> {
  // OFFSET 0 keeps the planner from computing the md5 once for each of its halves.
  const { rows } = await client.query<{ rows: string; high: string | null; low: string | null }>(`
    SELECT count(*) AS rows,
      sum(('x' || substr(hash, 1, 16))::bit(64)::bigint) AS high,
      sum(('x' || substr(hash, 17))::bit(64)::bigint) AS low
    FROM (SELECT md5(line) AS hash FROM (${lines}) AS lines OFFSET 0) AS hashes`);
  const { rows: count = '0', high = null, low = null } = rows[0] ?? {};
  return { rows: Number(count), digest: hexOf(high) + hexOf(low) };
}

function hexOf(sum: string | null): string {
  return BigInt.asUintN(64, BigInt(sum ?? 0))
    .toString(16)
    .padStart(16, '0');
}
