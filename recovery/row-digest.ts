import type { Client } from 'pg';
import type { TableContent } from '../domain/recovery.ts';

/**
 * Number of rows, and a digest of them that does not depend on their order. `row` is a row constructor over the columns:
 * `format` prints it by the output function of each type, which no cast of a user can replace, and with NULL apart from
 * an empty text. The text is hashed to 64 bits by `hashtextextended`; the hashes are summed modulo 2^64, so that equal
 * rows add up where an exclusive or would cancel them out; 16 hex digits.
 *
 * The hash is one that PostgreSQL itself relies on to stay what it is: rows of hash partitions lie by it, and are still
 * there after pg_upgrade. It is the same in every version from 11 on, on every machine of the same byte order.
 */
export async function digestOf(client: Client, row: string, from: string): Promise<TableContent> {
  const { rows } = await client.query<{ rows: string; sum: string | null }>(
    `SELECT count(*) AS rows, sum(hashtextextended(format('%s', ${row}) COLLATE "C", 0)) AS sum ${from}`,
  );
  return { rows: Number(rows[0]?.rows ?? 0), digest: hexOf(rows[0]?.sum ?? null) };
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
