import type { Client } from 'pg';
import type { KeptColumnObservation, MaskingPolicy } from '../domain/masking.ts';
import { sensitivityOfName } from '../domain/sensitive-names.ts';
import { columnType } from './column-type.ts';
import { readColumns, type CatalogueColumn } from './columns.ts';
import { looksLikeProse, looksLikeSecret, textsOf } from './sensitive-values.ts';

/** Families of types that can hold nothing that people wrote, and no secret. */
const harmless = new Set(['number', 'boolean', 'date', 'timestamp', 'uuid']);
/** Rows of a table that are looked at, and the first characters of each value. */
const sampleRows = 1_000;
const sampleLength = 2_000;
/** Tables greater than this are sampled by their pages. */
const wholeBytes = 8 * 1024 * 1024;

/**
 * Looks at what the policy keeps without masking: the names of the columns, and a sample of their values. Columns that
 * can hold neither text nor secrets are left out.
 */
export async function observeKept(client: Client, policy: MaskingPolicy): Promise<KeptColumnObservation[]> {
  const kept = (await readColumns(client)).flatMap((column) => {
    const rule = policy.tables[`${column.schema}.${column.table}`]?.columns[column.column];
    const { family, element } = columnType(column.baseType);
    const quiet = harmless.has(family) || (element && harmless.has(element.family)) || column.baseType === 'bytea';
    return rule?.kind === 'keep' && !quiet ? [{ column, reason: rule.reason }] : [];
  });
  const observations: KeptColumnObservation[] = [];
  for (const [name, columns] of Map.groupBy(kept, ({ column }) => `${column.schema}.${column.table}`)) {
    const samples = await sampleOf(
      client,
      columns.map(({ column }) => column),
    );
    for (const [index, { column, reason }] of columns.entries()) {
      const values = samples.map((row) => textsOf(row[index])).filter((texts) => texts.some((text) => text !== ''));
      const byName = sensitivityOfName(column.column);
      observations.push({
        place: `${name}.${column.column}`,
        ...(reason !== undefined && { reason }),
        ...(byName && { byName }),
        values: values.length,
        secrets: values.filter((texts) => texts.some(looksLikeSecret)).length,
        proseTexts: values.filter((texts) => texts.some(looksLikeProse)).length,
      });
    }
  }
  return observations;
}

/** Values of some rows of a table, each as `to_jsonb` gives it, or as text where it is long. */
async function sampleOf(client: Client, columns: readonly CatalogueColumn[]): Promise<unknown[][]> {
  const [{ schema, table } = { schema: '', table: '' }] = columns;
  const from = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`;
  const values = columns.map(({ column }) => sampled(client.escapeIdentifier(column)));
  const { rows: sizes } = await client.query<{ bytes: string }>(
    `SELECT coalesce(sum(pg_table_size(coalesce(t.relid, c.oid))), 0) AS bytes
      FROM pg_class c LEFT JOIN pg_partition_tree(c.oid) t ON t.isleaf WHERE c.oid = $1::regclass`,
    [from],
  );
  const share = Math.min(100, (100 * wholeBytes) / Math.max(1, Number(sizes[0]?.bytes)));
  const some = share < 100 ? ` TABLESAMPLE SYSTEM (${share}) REPEATABLE (1)` : '';
  const query = (sample: string) => ({
    text: `SELECT ${values.join(', ')} FROM ${from}${sample} LIMIT ${sampleRows}`,
    rowMode: 'array',
  });
  const { rows } = await client.query<unknown[]>(query(some));
  if (rows.length > 0 || some === '') return rows;
  return (await client.query<unknown[]>(query(''))).rows;
}

function sampled(column: string): string {
  const text = `format('%s', ${column})`;
  return `CASE WHEN length(${text}) > ${sampleLength} THEN to_jsonb(left(${text}, ${sampleLength})) ELSE to_jsonb(${column}) END`;
}
