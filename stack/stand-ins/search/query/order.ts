import type { DatabaseSync } from 'node:sqlite';
import { covers } from '../json.ts';
import { badRequest } from '../refusal.ts';
import type { Settings } from '../settings.ts';
import { rows } from '../store/database.ts';
import { fieldsOf } from '../store/index-store.ts';
import { asCustomOrder, type AttributeOrder } from './ranking-rules.ts';

/** Reads `sort` of a request. Refuses what is no order, and attributes that are not sortable. */
export function parseSort(sort: readonly string[], indexUid: string, settings: Settings): AttributeOrder[] {
  if (sort.length > 0 && !settings.rankingRules.includes('sort')) {
    throw badRequest(
      'invalid_search_sort',
      `Index \`${indexUid}\`: You must specify where \`sort\` is listed in the rankingRules setting to use the sort parameter at search time.`,
    );
  }
  return sort.map((expression) => {
    const order = asCustomOrder(expression);
    if (!order) {
      throw badRequest(
        'invalid_search_sort',
        `Invalid syntax for the sort parameter: expected expression ending by \`:asc\` or \`:desc\`, found \`${expression}\`.`,
      );
    }
    requireSortable(order.attribute, indexUid, settings.sortableAttributes);
    return order;
  });
}

/** Rules of an index that order by attributes, the sort of a request in the place of `sort`. */
export function attributeOrders(rankingRules: readonly string[], sort: AttributeOrder[]): AttributeOrder[] {
  return rankingRules.flatMap((rule) => (rule === 'sort' ? sort : (asCustomOrder(rule) ?? [])));
}

/** `ORDER BY` over the table of documents `d`: numbers, then texts, then documents without a value, then by age. */
export function orderSql(database: DatabaseSync, orders: readonly AttributeOrder[]): string {
  const terms = orders.flatMap(({ attribute, direction }) => {
    const number = extremeSql(database, attribute, direction, 'number');
    const text = extremeSql(database, attribute, direction, 'string');
    return [`${number} ${direction} NULLS LAST`, `${text} ${direction} NULLS LAST`];
  });
  return [...terms, 'd.docid'].join(', ');
}

/** What documents are compared by under one order. */
export interface OrderValue {
  number: number | null;
  string: string | null;
}

/** The value of each of the documents that has one. */
export function orderValues(
  database: DatabaseSync,
  { attribute, direction }: AttributeOrder,
  docids: readonly number[],
): Map<number, OrderValue> {
  const extreme = direction === 'asc' ? 'min' : 'max';
  const found = rows<OrderValue & { docid: number }>(
    database,
    `SELECT docid, ${extreme}(number) AS number, ${extreme}(string) AS string FROM facets
     WHERE docid IN (SELECT value FROM json_each(?)) AND field IN (${fieldsOf(database, attribute).join(',')}) AND kind = 0
     GROUP BY docid`,
    JSON.stringify(docids),
  );
  return new Map(found.map(({ docid, ...value }) => [docid, value]));
}

/** Negative when `a` comes first. */
export function compareOrderValues(
  a: OrderValue | undefined,
  b: OrderValue | undefined,
  direction: 'asc' | 'desc',
): number {
  const sign = direction === 'asc' ? 1 : -1;
  const [numberA, numberB] = [a?.number ?? null, b?.number ?? null];
  if (numberA !== null && numberB !== null) return sign * (numberA - numberB);
  if (numberA !== null || numberB !== null) return numberA === null ? 1 : -1;
  const [stringA, stringB] = [a?.string ?? null, b?.string ?? null];
  if (stringA === stringB) return 0;
  if (stringA === null || stringB === null) return stringA === null ? 1 : -1;
  return stringA < stringB ? -sign : sign;
}

function extremeSql(database: DatabaseSync, attribute: string, direction: 'asc' | 'desc', column: string): string {
  const fields = fieldsOf(database, attribute).join(',');
  const extreme = direction === 'asc' ? 'min' : 'max';
  return `(SELECT ${extreme}(f.${column}) FROM facets f WHERE f.docid = d.docid AND f.field IN (${fields}))`;
}

function requireSortable(attribute: string, indexUid: string, sortable: readonly string[]): void {
  if (sortable.some((pattern) => covers(pattern, attribute))) return;
  const available = sortable
    .toSorted()
    .map((name) => `\`${name}\``)
    .join(', ');
  const reason = available
    ? `Available sortable attributes are: ${available}.`
    : 'This index does not have configured sortable attributes.';
  throw badRequest(
    'invalid_search_sort',
    `Index \`${indexUid}\`: Attribute \`${attribute}\` is not sortable. ${reason}`,
  );
}
