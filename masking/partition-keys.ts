import type { Client } from 'pg';
import { parseTemplate } from '../domain/masking-template.ts';
import type { ColumnRule, MaskingPolicy } from '../domain/masking.ts';

/** A partitioned table whose rows may change their partition, since columns of its keys are masked. */
export interface MaskedKey {
  schema: string;
  table: string;
  /** Of its own key and of those of partitions that are partitioned again: name and type. */
  columns: readonly KeyColumn[];
  /** Names of those that are masked. */
  masked: readonly string[];
}

interface KeyColumn {
  name: string;
  type: string;
}

/** The roots of partitions of which a column of a key is masked, as `schema.table`. */
export async function readMaskedKeys(client: Client, policy: MaskingPolicy): Promise<Map<string, MaskedKey>> {
  const { rows } = await client.query<{ schema: string; table: string; columns: KeyColumn[] }>(`
    SELECT n.nspname AS schema, r.relname AS "table",
      (SELECT json_agg(DISTINCT jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)))
        FROM pg_catalog.pg_partition_tree(r.oid) AS tree
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = tree.relid AND d.objsubid > 0
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = tree.relid AND d.refobjsubid = 0 AND d.deptype = 'i'
        JOIN pg_catalog.pg_attribute a ON a.attrelid = tree.relid AND a.attnum = d.objsubid
        WHERE NOT tree.isleaf) AS columns
    FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
    WHERE r.relkind = 'p' AND NOT r.relispartition`);
  const keys = rows.flatMap(({ schema, table, columns }): [string, MaskedKey][] => {
    const name = `${schema}.${table}`;
    const masked = (columns ?? []).map((column) => column.name).filter((column) => isMasked(policy, name, column));
    return masked.length === 0 ? [] : [[name, { schema, table, columns, masked }]];
  });
  return new Map(keys);
}

function isMasked(policy: MaskingPolicy, table: string, column: string): boolean {
  const rule = ruleOf(policy, table, column);
  return rule !== undefined && rule.kind !== 'keep';
}

function ruleOf({ tables }: MaskingPolicy, table: string, column: string): ColumnRule | undefined {
  const policy = Object.hasOwn(tables, table) ? tables[table] : undefined;
  if (policy === undefined || policy.clear || !Object.hasOwn(policy.columns, column)) return undefined;
  return policy.columns[column];
}

/** Partitions whose rows may come to lie in another one, each with the root that they are counted at, as SQL names both. */
export async function readMovedPartitions(client: Client, policy: MaskingPolicy): Promise<Map<string, string>> {
  const moved = new Map<string, string>();
  for (const key of (await readMaskedKeys(client, policy)).values()) {
    const root = quotedRoot(client, key);
    const { rows } = await client.query<{ partition: string; root: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS partition, format('%I.%I', $2::text, $3::text) AS root
        FROM pg_catalog.pg_partition_tree($1) AS tree
        JOIN pg_catalog.pg_class c ON c.oid = tree.relid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE tree.isleaf`,
      [root, key.schema, key.table],
    );
    for (const { partition, root: counted } of rows) moved.set(partition, counted);
  }
  return moved;
}

/**
 * Tables whose every row gets the same partition key by the policy, and that have no partition for it: one line each.
 * Where the key differs from row to row, only loading them tells.
 */
export async function partitionProblems(
  client: Client,
  policy: MaskingPolicy,
  keys: ReadonlyMap<string, MaskedKey>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [name, key] of keys) {
    const values = key.columns.map((column) => constantOf(client, column, ruleOf(policy, name, column.name)));
    if (!values.every((value) => value !== undefined) || (await hasPartition(client, key, values))) continue;
    const [column = ''] = key.masked;
    problems.push(
      `${name}.${key.masked.length === 1 ? column : `(${key.masked.join(', ')})`}: no partition takes what the policy makes of this partition key`,
    );
  }
  return problems;
}

/** SQL of the value that a rule makes in every row, under the name of its column. */
function constantOf(client: Client, { name, type }: KeyColumn, rule: ColumnRule | undefined): string | undefined {
  const as = `::${type} AS ${client.escapeIdentifier(name)}`;
  if (rule?.kind === 'null') return `NULL${as}`;
  if (rule?.kind !== 'replace') return undefined;
  const parts = parseTemplate(rule.template);
  if (!parts.every((part) => 'text' in part)) return undefined;
  return client.escapeLiteral(parts.map(({ text }) => text).join('')) + as;
}

function quotedRoot(client: Client, { schema, table }: MaskedKey): string {
  return `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`;
}

async function hasPartition(client: Client, key: MaskedKey, values: readonly string[]): Promise<boolean> {
  const root = quotedRoot(client, key);
  const { rows: partitions } = await client.query<{ condition: string | null }>(
    `SELECT pg_catalog.pg_get_partition_constraintdef(relid) AS condition
      FROM pg_catalog.pg_partition_tree($1) WHERE isleaf AND relid <> $1::regclass`,
    [root],
  );
  // Without partitions there are no rows that could need one.
  if (partitions.length === 0) return true;
  const fits = partitions.map(({ condition }) => `coalesce(${condition ?? 'true'}, true)`).join(' OR ');
  const { rows } = await client.query<{ fits: boolean }>(
    `SELECT ${fits} AS fits FROM (SELECT ${values.join(', ')}) AS key`,
  );
  return rows[0]?.fits ?? false;
}
