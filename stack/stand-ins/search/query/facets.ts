import type { DatabaseSync } from 'node:sqlite';
import { covers } from '../json.ts';
import { badRequest } from '../refusal.ts';
import type { Settings } from '../settings.ts';
import { rows } from '../store/database.ts';
import { fieldsOf } from '../store/index-store.ts';
import type { SqlCondition } from './filter-sql.ts';

/** How the values of attributes are spread over the documents that were found, and the range of their numbers. */
export function facetsOf(
  database: DatabaseSync,
  indexUid: string,
  requested: readonly string[],
  found: SqlCondition,
  settings: Settings,
): {
  facetDistribution: Record<string, Record<string, number>>;
  facetStats: Record<string, { min: number; max: number }>;
} {
  const attributes = requested.includes('*') ? knownAttributes(database, settings) : requested;
  const unknown = attributes.find((name) => !settings.filterableAttributes.some((pattern) => covers(pattern, name)));
  if (unknown !== undefined) throw notFilterable(indexUid, unknown, settings.filterableAttributes);
  const facetDistribution: Record<string, Record<string, number>> = {};
  const facetStats: Record<string, { min: number; max: number }> = {};
  for (const attribute of attributes.toSorted()) {
    const fields = fieldsOf(database, attribute);
    const selected = found.sql === '1' ? '' : `AND f.docid IN (SELECT d.docid FROM documents d WHERE ${found.sql})`;
    const within = `FROM facets f WHERE f.field IN (${fields.join(',')}) AND f.kind = 0 ${selected}`;
    // A document has a value once in a field, so that only several fields can count it twice.
    const documents = fields.length === 1 ? 'count(*)' : 'count(DISTINCT f.docid)';
    const { faceting } = settings;
    const order = faceting.sortFacetValuesBy[attribute] ?? faceting.sortFacetValuesBy['*'];
    const values = rows<{ display: string; documents: number }>(
      database,
      `SELECT min(f.display) AS display, ${documents} AS documents ${within} GROUP BY f.number, f.string
       ORDER BY ${order === 'count' ? 'documents DESC, ' : ''} f.number NULLS LAST, f.string LIMIT ?`,
      ...found.values,
      faceting.maxValuesPerFacet,
    );
    facetDistribution[attribute] = Object.fromEntries(values.map(({ display, documents }) => [display, documents]));
    const range = rows<{ min: number | null; max: number | null }>(
      database,
      `SELECT min(f.number) AS min, max(f.number) AS max ${within}`,
      ...found.values,
    )[0];
    if (range && range.min !== null && range.max !== null) facetStats[attribute] = { min: range.min, max: range.max };
  }
  return { facetDistribution, facetStats };
}

function knownAttributes(database: DatabaseSync, { filterableAttributes }: Settings): string[] {
  const paths = rows<{ path: string }>(database, 'SELECT path FROM fields').map(({ path }) => path);
  return paths.filter((path) => filterableAttributes.some((pattern) => covers(pattern, path)));
}

function notFilterable(indexUid: string, attribute: string, filterable: readonly string[]): Error {
  const available = filterable
    .toSorted()
    .map((name) => `\`${name}\``)
    .join(', ');
  const reason = available
    ? `Available filterable attributes patterns are: \`${available.replaceAll('`', '')}\`.`
    : 'This index does not have configured filterable attributes.';
  const words = `Index \`${indexUid}\`: Invalid facet distribution: Attribute \`${attribute}\` is not filterable. ${reason}`;
  return badRequest('invalid_search_facets', words);
}
