import type { Client } from 'pg';
import { largeObjects } from '../domain/masking.ts';
import type { DatabaseContent } from '../domain/recovery.ts';
import { observeDatabase } from './observe-database.ts';
import { countedAs } from './partition-roots.ts';

/**
 * What the database holds inside a transaction that has changed it, told from `before`, which was observed in the same
 * snapshot. All definitions and sequences are read again, and the rows of the tables that the transaction may have
 * changed; the rows of the others are those of `before`. Which tables those are is asked of the server, not of who made
 * the change: it keeps a lock on each until the transaction ends. Where that does not tell, everything is read again.
 */
export async function observeChanged(client: Client, before: DatabaseContent): Promise<DatabaseContent> {
  const { format } = before;
  const whole = (): Promise<DatabaseContent> => observeDatabase(client, { format: format ?? 1 });
  const touched = await touchedTables(client);
  if (touched === undefined || format === undefined) return whole();
  const part = await observeDatabase(client, { only: touched, format });
  // Of a type, or of what prints its values: then rows read otherwise that nobody has touched.
  if (!isSame(part.others, before.others) || !isSame(part.extensions, before.extensions)) return whole();
  const there = await presentTables(client);
  const kept = <Content>(contents: Record<string, Content> = {}): Record<string, Content> =>
    Object.fromEntries(Object.entries(contents).filter(([name]) => !touched.has(name) && there.has(name)));
  return {
    ...part,
    tables: { ...kept(before.tables), ...part.tables },
    materialisedViews: { ...kept(before.materialisedViews), ...part.materialisedViews },
    samples: { ...kept(before.samples), ...part.samples },
  };
}

/**
 * The tables and views, by the names that their rows are counted under, that this transaction has written to or has
 * defined otherwise: whoever does so holds a lock that readers do not need. `undefined` where one of them is gone, or
 * where catalogues were written to by hand that say how rows are read.
 */
async function touchedTables(client: Client): Promise<Set<string> | undefined> {
  const { rows } = await client.query<TouchedRelation>(touchedQuery);
  const names = new Set<string>();
  for (const { catalogue, name } of rows) {
    if (catalogue === null && name === null) return undefined;
    if (catalogue === null) names.add(String(name));
    else if (catalogue.startsWith('pg_largeobject')) names.add(largeObjects);
    else if (!isOfNoRow(catalogue)) return undefined;
  }
  return names;
}

interface TouchedRelation {
  /** Of a catalogue of the server: its name. */
  catalogue: string | null;
  /** Of any other: the name that its rows are counted under; null when it is gone. */
  name: string | null;
}

/** An index says how rows are found, a function what is done with them: neither how they are printed. */
const isOfNoRow = (catalogue: string): boolean => ['pg_index', 'pg_proc'].includes(catalogue);

/** An index stands for its table, a table of long values for the one that has them. */
const touchedQuery = `
  SELECT DISTINCT CASE WHEN n.nspname = 'pg_catalog' THEN c.relname END AS catalogue,
    CASE WHEN c.oid IS NOT NULL AND n.nspname <> 'pg_catalog' THEN ${countedAs} END AS name
  FROM (
    SELECT coalesce(i.indrelid, owner.oid, l.relation) AS oid
    FROM pg_catalog.pg_locks l
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = l.relation
    LEFT JOIN pg_catalog.pg_class owner ON owner.reltoastrelid = coalesce(i.indrelid, l.relation) AND owner.reltoastrelid <> 0
    WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation'
      AND l.database IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
      AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')
  ) AS locked
  LEFT JOIN pg_catalog.pg_class c ON c.oid = locked.oid
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`;

/** Whatever may hold rows, by the names that they are counted under. */
async function presentTables(client: Client): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT ${countedAs} AS name
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm')`,
  );
  return new Set([...rows.map(({ name }) => name), largeObjects]);
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((line, index) => line === others[index]);
}
