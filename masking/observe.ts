import type { Client } from 'pg';
import {
  largeObjectRule,
  largeObjects,
  type ColumnRule,
  type MaskedColumnObservation,
  type MaskingPolicy,
} from '../domain/masking.ts';
import { columnType } from './column-type.ts';
import { readColumns, readPartitionRoots, type CatalogueColumn } from './columns.ts';
import { parseTemplate } from '../domain/masking-template.ts';

/**
 * Asks a masked database, in SQL and so by another way than the masking went, in how many rows each masked column holds
 * a value that its rule cannot have made, and in how many large objects. Columns that are kept and tables that are cleared are left out.
 */
export async function observeMaskedColumns(client: Client, policy: MaskingPolicy): Promise<MaskedColumnObservation[]> {
  const columns = await readColumns(client);
  const partitioned = new Set((await readPartitionRoots(client)).values());
  const observations: MaskedColumnObservation[] = [];
  for (const [name, ofTable] of Map.groupBy(columns, ({ schema, table }) => `${schema}.${table}`)) {
    const table = policy.tables[name];
    if (table === undefined || table.clear) continue;
    const masked = ofTable.flatMap((column) => {
      const rule = table.columns[column.column];
      return rule === undefined || rule.kind === 'keep' ? [] : [{ column, rule }];
    });
    if (masked.length === 0) continue;
    const from = `${client.escapeIdentifier(ofTable[0]!.schema)}.${client.escapeIdentifier(ofTable[0]!.table)}`;
    // Tables that inherit from another one have rules of their own; partitions have those of their parent.
    const only = partitioned.has(name) ? '' : 'ONLY ';
    const counts = masked.map(({ column, rule }) => `count(*) FILTER (WHERE ${violation(client, column, rule)})`);
    const { rows } = await client.query<string[]>({
      text: `SELECT count(*), ${counts.join(', ')} FROM ${only}${from}`,
      rowMode: 'array',
    });
    const [all, ...violations] = (rows[0] ?? []).map(Number);
    for (const [index, { column, rule }] of masked.entries()) {
      observations.push({
        place: `${name}.${column.column}`,
        rule: inWords(rule),
        rows: all ?? 0,
        violations: violations[index] ?? 0,
      });
    }
  }
  return [...observations, ...(await observeReplacedObjects(client, policy))];
}

/** The pages of each large object against the text, which may be longer than a page. */
async function observeReplacedObjects(client: Client, policy: MaskingPolicy): Promise<MaskedColumnObservation[]> {
  const rule = largeObjectRule(policy);
  if (rule.kind !== 'replace') return [];
  const { rows } = await client.query<{ all: string; wrong: string }>(
    `SELECT count(*) AS all,
        count(*) FILTER (WHERE last > pages OR content IS DISTINCT FROM convert_to($1, 'UTF8')) AS wrong
      FROM pg_catalog.pg_largeobject_metadata o LEFT JOIN (
        SELECT loid, pages, max(pageno) AS last,
          string_agg(data, '' ORDER BY pageno) FILTER (WHERE pageno <= pages) AS content
        FROM pg_catalog.pg_largeobject, (SELECT octet_length(convert_to($1, 'UTF8')) / 2048 AS pages) AS text
        GROUP BY loid, pages
      ) AS object ON object.loid = o.oid`,
    [rule.text],
  );
  const [{ all, wrong } = { all: '0', wrong: '0' }] = rows;
  return [
    {
      place: `${largeObjects}.data`,
      rule: inWords({ kind: 'replace', template: rule.text }),
      rows: Number(all),
      violations: Number(wrong),
    },
  ];
}

/**
 * Tables that hold rows of their own and that the policy clears, partitions one by one; each as SQL names it, quoted
 * where it must be. Large objects too, where it drops them.
 */
export async function clearedTables(client: Client, policy: MaskingPolicy): Promise<string[]> {
  const roots = await readPartitionRoots(client);
  const { rows } = await client.query<{ name: string; quoted: string }>(`
    SELECT n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' ORDER BY 2`);
  const cleared = rows.filter(({ name }) => policy.tables[roots.get(name) ?? name]?.clear).map(({ quoted }) => quoted);
  return largeObjectRule(policy).kind === 'drop' ? [...cleared, largeObjects] : cleared;
}

/** A condition that holds for a row whose value the rule cannot have made. A NULL always can. */
function violation(client: Client, column: CatalogueColumn, rule: ColumnRule): string {
  const value = client.escapeIdentifier(column.column);
  // A compound value with a NULL inside is neither NULL nor NOT NULL to SQL, but it is distinct from NULL.
  if (rule.kind === 'null') return `${value} IS DISTINCT FROM NULL`;
  if (rule.kind === 'replace') return replaceViolation(client, column, rule.template);
  if (rule.kind === 'keep') return 'false';
  if (rule.as === 'text') return textViolation(written(value));
  return rule.as === 'json' ? jsonViolation(value) : arrayViolation(value, column.baseType);
}

/** The template as SQL over the same row, compared as text, or as a value of the type where text has many spellings. */
function replaceViolation(client: Client, { column, type, baseType }: CatalogueColumn, template: string): string {
  const value = client.escapeIdentifier(column);
  const parts = parseTemplate(template).map((part) =>
    'text' in part ? client.escapeLiteral(part.text) : orZero(client.escapeIdentifier(part.column)),
  );
  const made = parts.length === 0 ? `''` : parts.join(' || ');
  const { family } = columnType(baseType);
  const asText = family === 'text' || baseType === 'json';
  const expected = asText ? made : written(`(${made})::${type}`);
  return `${value} IS DISTINCT FROM NULL AND rtrim(${written(value)}) <> rtrim(${expected})`;
}

/**
 * A value as its type writes it, and COPY with it: a cast to text is another thing for some types and may be the user's
 * own, and not every type has an equality, or one in the search path.
 */
function written(value: string): string {
  return `format('%s', ${value})`;
}

function orZero(column: string): string {
  return `CASE WHEN ${column} IS DISTINCT FROM NULL THEN ${written(column)} ELSE '0' END`;
}

/** What is left of the text without its one word and white space is nothing, or the beginning of that word. */
function textViolation(text: string): string {
  const rest = `translate(replace(${text}, 'masked', ''), E' \\n\\r', '')`;
  return `${rest} <> left('masked', length(${rest}))`;
}

/** A string that is no placeholder, a number that is not 0, or an `@`, which could only stand in a key. */
function jsonViolation(value: string): string {
  const placeholder = '^(masked|1970-01-01|1970-01-01T00:00:00Z|00000000-0000-0000-0000-000000000000)?$';
  const path =
    `strict $.** ? ((@.type() == "string" && !(@ like_regex "${placeholder}")) ` +
    `|| (@.type() == "number" && @ != 0))`;
  return `(jsonb_path_exists(${value}::jsonb, '${path}') OR strpos(${written(value)}, '@') > 0)`;
}

function arrayViolation(value: string, type: string): string {
  const family = columnType(type).element?.family;
  if (family === 'boolean') return 'false';
  const wrong =
    family === 'number' ? `element <> '0'` : `${written('element')} <> left('masked', length(${written('element')}))`;
  return `EXISTS (SELECT FROM unnest(${value}) AS element WHERE ${wrong})`;
}

function inWords(rule: ColumnRule): string {
  if (rule.kind === 'replace') return `replace ${rule.template}`;
  return rule.kind === 'redact' ? `redact ${rule.as}` : rule.kind;
}
