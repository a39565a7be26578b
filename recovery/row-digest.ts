import type { Client } from 'pg';
import type { ObservationFormat, TableContent } from '../domain/recovery.ts';
import { rowHash, type HashedColumn } from './row-hash.ts';

/**
 * Number of rows, and a digest of them that does not depend on their order: the sum of `hash`, 64 bits a row in SQL,
 * modulo 2^64, so that equal rows add up where an exclusive or would cancel them out; 16 hex digits.
 *
 * The hashes are those that PostgreSQL itself relies on to stay what they are: rows of hash partitions lie by them, and
 * are still there after pg_upgrade. They are the same in every version from 11 on, on every machine of the same byte
 * order.
 */
export async function digestOf(client: Client, hash: string, from: string): Promise<TableContent> {
  const { rows } = await client.query<{ rows: string; sum: string | null }>(
    `SELECT count(*) AS rows, sum(${hash}) AS sum ${from}`,
  );
  return { rows: Number(rows[0]?.rows ?? 0), digest: hexOf(rows[0]?.sum ?? null) };
}

/** SQL: 64 bits of a row, as contents of that format have it. Of 2 it is over what `format` prints of a row. */
export function rowHashOf(format: ObservationFormat, columns: readonly HashedColumn[]): string {
  if (format !== 2) return rowHash(columns);
  const row = `ROW(${columns.map(({ expression }) => expression).join(', ')})`;
  return `hashtextextended(format('%s', ${row}) COLLATE "C", 0)`;
}

/**
 * As manifests of format 1 have it: md5 of each line; its first and its last 64 bits, as signed integers, are each
 * summed over all lines; the two sums modulo 2^64, as 16 hex digits each.
 */
export async function digestFormat1(client: Client, lines: string): Promise<TableContent> {
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
