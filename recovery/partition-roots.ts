import type { TableContent } from '../domain/recovery.ts';

/**
 * SQL: the name under which the rows of a partition are counted. Where a row lies among hash partitions by an enum
 * depends on numbers that every server gives anew: pg_dump has such rows loaded through the root of their partitions, so
 * they are the root's. Any other table has its own.
 */
export const countedAs = `coalesce((
    SELECT format('%I.%I', rn.nspname, r.relname)
    FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
    WHERE c.relispartition AND r.oid = pg_partition_root(c.oid) AND EXISTS (
      SELECT FROM pg_partition_ancestors(c.oid) AS a
      JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = a.relid
      JOIN pg_catalog.pg_opclass o ON o.oid = ANY (p.partclass)
      JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod
      WHERE p.partstrat = 'h' AND m.amname = 'hash' AND o.opcname = 'enum_ops'
        AND o.opcnamespace = 'pg_catalog'::regnamespace)
  ), format('%I.%I', n.nspname, c.relname))`;

const digits = 16;

/** The content of both: rows are added, and so are digests, which are sums modulo 2^64 of 16 hex digits each. */
export function together(one: TableContent | undefined, other: TableContent): TableContent {
  if (one === undefined) return other;
  let digest = '';
  for (let at = 0; at < other.digest.length; at += digits) {
    const [a, b] = [one, other].map((content) => BigInt(`0x${content.digest.slice(at, at + digits)}`));
    digest += BigInt.asUintN(64, (a ?? 0n) + (b ?? 0n))
      .toString(16)
      .padStart(digits, '0');
  }
  return { rows: one.rows + other.rows, digest };
}
