import type { Client } from 'pg';
import type { DatabaseContent, TableContent } from '../domain/recovery.ts';
import type { PostgresServer } from '../domain/service.ts';
import { withPostgres } from '../stack/clients.ts';
import { inUserSchema } from './catalogue-filters.ts';
import { findCallers } from './find-callers.ts';
import { currentFormat, observeDatabase } from './observe-database.ts';
import { observeStatements } from './observe-statements.ts';
import { columnsByName } from './observe-tables.ts';
import { digestOf, rowHashOf } from './row-digest.ts';
import type { HashedColumn } from './row-hash.ts';
import { withinSnapshot } from './within-snapshot.ts';

/**
 * What a server's database holds, in the format of what it will be held against, with what PostgreSQL's own tools print
 * of it. Where a materialised view has other rows than `expected`, what its query gives now is looked at as well: it may
 * have been stale before. Nobody must be changing the definitions meanwhile.
 */
export async function observeServer(
  server: PostgresServer,
  { expected, signal }: { expected?: DatabaseContent; signal?: AbortSignal } = {},
): Promise<DatabaseContent> {
  const format = expected ? (expected.format ?? 1) : currentFormat;
  if (format === 1) return withPostgres(server.connection, (client) => observeDatabase(client, { format }));
  const statements = withPostgres(server.connection, (client) =>
    observeStatements(server, { client, ...(signal && { signal }) }),
  );
  statements.catch(() => undefined);
  return withPostgres(server.connection, async (client) => {
    const content = await observeDatabase(client, { format });
    const queried = await queryStaleViews(client, expected, content);
    return { ...content, queriedViews: queried, statements: await statements };
  });
}

async function queryStaleViews(
  client: Client,
  expected: DatabaseContent | undefined,
  { format = currentFormat, materialisedViews = {} }: DatabaseContent,
): Promise<Record<string, TableContent>> {
  const before = expected?.materialisedViews ?? {};
  const differing = Object.keys(materialisedViews).filter(
    (name) => Object.hasOwn(before, name) && before[name]?.digest !== materialisedViews[name]?.digest,
  );
  const queried: Record<string, TableContent> = {};
  if (differing.length === 0) return queried;
  return withinSnapshot(client, async () => {
    const { rows } = await client.query<ViewRow>(viewsQuery, [differing]);
    const { materialisedViews: callers } = await findCallers(client);
    for (const { schema, view, name, names, columns, query } of rows) {
      // Nobody else is asked: such a view is left as it is.
      if (callers.has(JSON.stringify([schema, view]))) continue;
      queried[name] = await digestOf(client, rowHashOf(format, columns), `FROM (${query}) AS t (${names})`);
    }
    return queried;
  });
}

interface ViewRow {
  schema: string;
  view: string;
  /** Qualified, quoted where it must be. */
  name: string;
  /** Its columns in their order, and by their names. */
  names: string;
  columns: HashedColumn[];
  query: string;
}

const viewsQuery = `
  SELECT n.nspname AS schema, c.relname AS view, format('%I.%I', n.nspname, c.relname) AS name, rtrim(pg_get_viewdef(c.oid), ';') AS query,
    (SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum)
      FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) AS names, ${columnsByName}
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'm' AND ${inUserSchema('n')} AND format('%I.%I', n.nspname, c.relname) = ANY ($1)`;
