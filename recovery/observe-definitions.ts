import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import type { DatabaseContent, ObservationFormat } from '../domain/recovery.ts';
import { canonicalDefinition } from './canonical-definition.ts';
import { canonicalFormat1 } from './canonical-format-1.ts';
import { definitionQueries, hashedQueries } from './definition-queries.ts';
import { grantQueries } from './grant-queries.ts';
import { roleQueries } from './role-queries.ts';

/** Every list of definitions of a `DatabaseContent`. */
export type Definitions = Pick<
  DatabaseContent,
  | 'columns'
  | 'constraints'
  | 'indexes'
  | 'extensions'
  | 'roles'
  | 'grants'
  | 'policies'
  | 'triggers'
  | 'functions'
  | 'views'
  | 'others'
>;

/**
 * Reads all definitions from the catalogues, sorted, an entry each. The caller has set an empty search path, so that
 * every name is qualified. Functions, views and the values of settings are given by their sha256: bodies are long, and
 * what is in them is not for a manifest that is stored in the clear.
 */
export async function observeDefinitions(client: Client, format: ObservationFormat): Promise<Definitions> {
  const canonical = format === 1 ? canonicalFormat1 : canonicalDefinition;
  const read = (queries: readonly string[]): Promise<string[]> => readLines(client, queries, canonical);
  const readHashed = (query: string): Promise<string[]> => readHashedLines(client, query, canonical);
  return {
    columns: await read(definitionQueries.columns),
    constraints: await read(definitionQueries.constraints),
    indexes: await read(definitionQueries.indexes),
    extensions: await read(definitionQueries.extensions),
    roles: (await read(roleQueries.lines(format))).concat(await readHashed(roleQueries.settings(format))).sort(),
    grants: await read(grantQueries(format)),
    policies: await read(definitionQueries.policies),
    triggers: await read(definitionQueries.triggers),
    functions: await readHashed(hashedQueries.functions),
    views: await readHashed(hashedQueries.views),
    others: (await read(definitionQueries.others)).concat(await readHashed(hashedQueries.comments)).sort(),
  };
}

/** sha256, hex, over the lists that `integrity.schema` judges. */
export function schemaChecksumOf({
  columns,
  functions,
  views,
  others,
}: Pick<Definitions, 'columns' | 'functions' | 'views' | 'others'>): string {
  return createHash('sha256')
    .update(JSON.stringify([columns, functions, views, others]))
    .digest('hex');
}

type Canonical = (definition: string) => string;

async function readLines(client: Client, queries: readonly string[], canonical: Canonical): Promise<string[]> {
  const lines: string[] = [];
  for (const query of queries) {
    const { rows } = await client.query<{ line: string }>(query);
    for (const { line } of rows) lines.push(canonical(line));
  }
  return lines.sort();
}

async function readHashedLines(client: Client, query: string, canonical: Canonical): Promise<string[]> {
  const { rows } = await client.query<{ line: string; body: string | null }>(query);
  return rows.map(({ line, body }) => `${line} sha256:${shortHash(canonical(body ?? ''))}`).sort();
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
