import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { DrillError } from '../domain/drill-error.ts';

/** SQL: the relation is in one of the database's own schemas and belongs to no extension. `c` is it, `n` its schema. */
export const ownRelation = `(n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))`;

/** SQL: relation `c` with its schema `n`. */
export const relations = 'pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace';

/** SQL: qualified, quoted name of relation `c`. */
export const relationName = `format('%I.%I', n.nspname, c.relname)`;

/**
 * All candidates that a query finds, in an order drawn by the seed: the same for the same seed on the same database. Where
 * they have a `rank`, those of a lower one come first.
 */
export async function candidates<Row extends object>(client: Client, query: string, seed: number): Promise<Row[]> {
  // Nobody is kept waiting for long when the application holds a lock.
  await client.query("SET LOCAL lock_timeout = '30s'");
  const { rows } = await client.query<Row>(query);
  const drawn = rows.map((row) => ({ row, rank: 'rank' in row ? Number(row.rank) : 0, place: placeOf(row, seed) }));
  drawn.sort((one, other) => one.rank - other.rank || (one.place < other.place ? -1 : 1));
  return drawn.map(({ row }) => row);
}

function placeOf(row: object, seed: number): string {
  return createHash('sha256')
    .update(`${seed} ${JSON.stringify(row)}`)
    .digest('hex');
}

/** The first candidate. */
export async function firstCandidate<Row extends object>(
  client: Client,
  what: string,
  query: string,
  seed: number,
): Promise<Row> {
  const [first] = await candidates<Row>(client, query, seed);
  if (first) return first;
  throw nothingToDamage(what);
}

/** Tries the statement of each candidate until the server accepts one; what it refuses leaves no trace. */
export async function firstAccepted<Row extends object>(
  client: Client,
  what: string,
  rows: readonly Row[],
  statementOf: (row: Row) => string,
): Promise<Row> {
  for (const row of rows) {
    await client.query('SAVEPOINT damage');
    try {
      await client.query(statementOf(row));
      await client.query('RELEASE SAVEPOINT damage');
      return row;
    } catch (error) {
      await client.query('ROLLBACK TO SAVEPOINT damage; RELEASE SAVEPOINT damage');
      if (!isRefusal(error)) throw error;
    }
  }
  throw nothingToDamage(what);
}

/** Something else depends on the object: SQLSTATE class 2B, or an unsupported combination (0A). */
function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('2B') || code.startsWith('0A');
}

export function nothingToDamage(what: string): DrillError {
  return new DrillError({
    code: 'configuration',
    service: 'postgres',
    what: 'the database cannot be damaged as asked',
    expected: what,
    actual: 'the database has none',
  });
}
