import type { DatabaseSync } from 'node:sqlite';
import { badRequest } from '../refusal.ts';
import { fieldsOf, readMeta } from '../store/index-store.ts';
import { FilterSyntaxError } from './filter-error.ts';
import { filterSql, type SqlCondition } from './filter-sql.ts';
import { parseFilter, type Filter } from './filter.ts';

type FilterCode = 'invalid_search_filter' | 'invalid_document_filter';

/** Reads the filter of a request: a text, or a list of texts and lists of texts. Refuses what is not understood. */
export function parseRequestFilter(filter: unknown, code: FilterCode): Filter | undefined {
  if (filter === undefined || filter === null) return undefined;
  if (typeof filter !== 'string' && !isFilterList(filter)) {
    const words = 'Invalid syntax for the filter parameter: `expected String, Array, found: ';
    throw badRequest(code, `${words}${JSON.stringify(filter)}\`.`);
  }
  return refusing(code, () => parseFilter(filter));
}

/** The SQL condition of a filter over the table of documents `d`; every document for none. */
export function selectionSql(
  database: DatabaseSync,
  indexUid: string,
  filter: Filter | undefined,
  code: FilterCode,
): SqlCondition {
  if (!filter) return { sql: '1', values: [] };
  const { filterableAttributes } = readMeta(database).settings;
  const context = { indexUid, filterableAttributes, fieldsOf: (attribute: string) => fieldsOf(database, attribute) };
  return refusing(code, () => filterSql(filter, context));
}

function isFilterList(filter: unknown): filter is (string | string[])[] {
  const isText = (value: unknown): boolean => typeof value === 'string';
  return (
    Array.isArray(filter) &&
    filter.every((element) => isText(element) || (Array.isArray(element) && element.every(isText)))
  );
}

function refusing<T>(code: FilterCode, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw badRequest(code, error.message);
    throw error;
  }
}
