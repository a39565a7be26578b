import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../../../domain/clock.ts';
import { selectAttributes, type SearchDocument } from '../json.ts';
import type { Settings } from '../settings.ts';
import { rows } from '../store/database.ts';
import { readMeta } from '../store/index-store.ts';
import { facetsOf } from './facets.ts';
import type { SqlCondition } from './filter-sql.ts';
import { matchQuery } from './match.ts';
import { attributeOrders, orderSql, parseSort } from './order.ts';
import type { AttributeOrder } from './ranking-rules.ts';
import { rank } from './rank.ts';
import { parseRequestFilter, selectionSql } from './selection.ts';

/** What a search asks, with the names of the API. */
export interface SearchRequest {
  q?: string | null;
  offset?: number;
  limit?: number;
  page?: number;
  hitsPerPage?: number;
  attributesToRetrieve?: string[] | null;
  filter?: unknown;
  sort?: string[] | null;
  facets?: string[] | null;
  matchingStrategy?: 'last' | 'all';
  attributesToSearchOn?: string[] | null;
}

/** The documents that fit: how many, the numbers of one page of them, and a condition that selects them all. */
interface Found {
  total: number;
  page(offset: number, limit: number): number[];
  condition(): SqlCondition;
}

/** Searches one index; the answer has the shape of the API. */
export function search(
  database: DatabaseSync,
  indexUid: string,
  request: SearchRequest,
  clock: Clock,
): Record<string, unknown> {
  const startedMs = clock.monotonicMs();
  const { settings } = readMeta(database);
  const found = find(database, indexUid, request, settings);
  const { offset, limit, counts } = pageOf(request, found.total, settings.pagination.maxTotalHits);
  const hits = found.page(offset, limit).map((docid) => shown(database, docid, request, settings));
  return {
    hits,
    query: request.q ?? '',
    processingTimeMs: Math.round(clock.monotonicMs() - startedMs),
    ...counts,
    ...(request.facets && facetsOf(database, indexUid, request.facets, found.condition(), settings)),
    requestUid: randomUUID(),
  };
}

function find(database: DatabaseSync, indexUid: string, request: SearchRequest, settings: Settings): Found {
  const filter = parseRequestFilter(request.filter, 'invalid_search_filter');
  const condition = selectionSql(database, indexUid, filter, 'invalid_search_filter');
  const sort = parseSort(request.sort ?? [], indexUid, settings);
  const docidMax = rows<{ docid: number | null }>(database, 'SELECT max(docid) AS docid FROM documents')[0]?.docid ?? 0;
  const matches = matchQuery(database, {
    query: request.q ?? '',
    settings,
    strategy: request.matchingStrategy ?? 'last',
    ...(request.attributesToSearchOn && { attributesToSearchOn: request.attributesToSearchOn }),
    ...(filter && { allowed: markedDocids(database, condition, docidMax) }),
    docidMax,
  });
  if (!matches) return findAll(database, condition, attributeOrders(settings.rankingRules, sort));
  const { docids } = matches;
  return {
    total: docids.length,
    page: (offset, limit) => (limit > 0 ? rank(database, matches, settings, sort, offset + limit).slice(offset) : []),
    condition: () => ({ sql: 'd.docid IN (SELECT value FROM json_each(?))', values: [JSON.stringify(docids)] }),
  };
}

/** Without words, every document that the filter lets through fits. */
function findAll(database: DatabaseSync, condition: SqlCondition, orders: AttributeOrder[]): Found {
  const { sql, values } = condition;
  const counted = rows<{ total: number }>(
    database,
    `SELECT count(*) AS total FROM documents d WHERE ${sql}`,
    ...values,
  )[0];
  const select = `SELECT d.docid FROM documents d WHERE ${sql} ORDER BY ${orderSql(database, orders)} LIMIT ? OFFSET ?`;
  return {
    total: counted?.total ?? 0,
    page: (offset, limit) =>
      rows<{ docid: number }>(database, select, ...values, limit, offset).map(({ docid }) => docid),
    condition: () => condition,
  };
}

/** 1 for each document that a condition selects, by its number. */
function markedDocids(database: DatabaseSync, { sql, values }: SqlCondition, docidMax: number): Uint8Array {
  const marks = new Uint8Array(docidMax + 1);
  const statement = database.prepare(`SELECT d.docid FROM documents d WHERE ${sql}`);
  statement.setReturnArrays(true);
  for (const line of statement.iterate(...values)) {
    const [docid] = line as unknown as [number];
    marks[docid] = 1;
  }
  return marks;
}

/** Where the page begins and ends, and the counts that the answer gives: exact ones when it is asked for by number. */
function pageOf(
  { page, hitsPerPage, offset = 0, limit = 20 }: SearchRequest,
  total: number,
  totalMax: number,
): { offset: number; limit: number; counts: Record<string, number> } {
  if (page === undefined && hitsPerPage === undefined) {
    const end = Math.min(offset + limit, totalMax);
    return { offset, limit: Math.max(0, end - offset), counts: { limit, offset, estimatedTotalHits: total } };
  }
  const size = hitsPerPage ?? 20;
  const number = page ?? 1;
  const totalHits = Math.min(total, totalMax);
  const start = Math.max(0, number - 1) * size;
  const counts = {
    hitsPerPage: size,
    page: number,
    totalPages: size === 0 ? 0 : Math.ceil(totalHits / size),
    totalHits,
  };
  return { offset: start, limit: number === 0 ? 0 : Math.max(0, Math.min(size, totalMax - start)), counts };
}

function shown(database: DatabaseSync, docid: number, request: SearchRequest, settings: Settings): SearchDocument {
  const found = rows<{ body: string }>(database, 'SELECT body FROM documents WHERE docid = ?', docid)[0];
  const document = JSON.parse(found?.body ?? '{}') as SearchDocument;
  return selectAttributes(
    selectAttributes(document, settings.displayedAttributes),
    request.attributesToRetrieve ?? ['*'],
  );
}
