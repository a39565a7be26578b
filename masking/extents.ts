import type { Client } from 'pg';
import type { PlaceExtent, PlaceExtents } from '../domain/masking.ts';

/**
 * Counts what a scan of the same snapshot has to read: rows and columns of every table, partition and materialised view
 * that is filled, and the pieces of the large objects. By other means than the scanner, which must not count for itself.
 */
export async function databaseExtents(client: Client): Promise<PlaceExtents> {
  const { rows: places } = await client.query<{ schema: string; name: string; columns: number }>(`
    SELECT place.schema, place.name,
      (SELECT count(*) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = format('%I.%I', place.schema, place.name)::regclass AND a.attnum > 0 AND NOT a.attisdropped
      )::integer AS columns
    FROM (
      SELECT schemaname AS schema, tablename AS name FROM pg_catalog.pg_tables
      UNION ALL SELECT schemaname, matviewname FROM pg_catalog.pg_matviews WHERE ispopulated
    ) AS place
    WHERE place.schema !~ '^pg_' AND place.schema <> 'information_schema'`);
  const extents: Record<string, PlaceExtent> = {};
  for (const { schema, name, columns } of places) {
    const table = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
    extents[`${schema}.${name}`] = { rows: await count(client, `ONLY ${table}`), columns };
  }
  const pieces = await count(client, largeObjectPieces);
  return { ...extents, 'pg_catalog.pg_largeobject': { rows: pieces, columns: 1 } };
}

/** One for each large object, and one more for every further 512 pages, which are a MiB. */
const largeObjectPieces = `
  (SELECT coalesce(max(p.pageno), 0) / 512 AS last
    FROM pg_catalog.pg_largeobject_metadata o LEFT JOIN pg_catalog.pg_largeobject p ON p.loid = o.oid
    GROUP BY o.oid) AS object CROSS JOIN generate_series(0, object.last)`;

async function count(client: Client, from: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${from}`);
  return Number(rows[0]?.count);
}

/** The id of the snapshot that the client's transaction sees, for others to see the same; as long as that is open. */
export async function beginSnapshot(client: Client): Promise<string> {
  await client.query(`
    SET row_security = off; SET statement_timeout = 0; SET lock_timeout = 0;
    SET idle_in_transaction_session_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`);
  const { rows } = await client.query<{ id: string }>('SELECT pg_catalog.pg_export_snapshot() AS id');
  return rows[0]?.id ?? '';
}
