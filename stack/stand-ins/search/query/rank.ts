import type { DatabaseSync } from 'node:sqlite';
import { covers } from '../json.ts';
import type { Settings } from '../settings.ts';
import { rows } from '../store/database.ts';
import { fieldsMax } from '../store/index-store.ts';
import type { Match } from './match.ts';
import { compareOrderValues, orderValues } from './order.ts';
import type { Hit } from './postings.ts';
import { asCustomOrder, isWordRule, type AttributeOrder, type WordRule } from './ranking-rules.ts';

type Compare = (a: Match, b: Match) => number;

/** Words farther apart than this, or in different attributes, are equally far. */
const distanceMax = 8;

/**
 * Sorts matches by the ranking rules of the index, one after the other; documents that no rule tells apart keep the order
 * of their arrival. The rules follow those of a real server in kind, not in every figure: `proximity` is the sum of the
 * distances between neighbours of the query, `attributeRank` and `wordPosition` the sums over its words.
 */
export function rank(database: DatabaseSync, matches: Match[], settings: Settings, sort: AttributeOrder[]): number[] {
  const docids = matches.map(({ docid }) => docid);
  const attributeRank = attributeRanks(database, settings.searchableAttributes);
  const compares = settings.rankingRules.flatMap((rule): Compare[] => {
    if (isWordRule(rule)) return [byCost(wordCost(rule, attributeRank))];
    const orders = rule === 'sort' ? sort : [asCustomOrder(rule)].filter((order) => order !== undefined);
    return orders.map((order) => {
      const values = orderValues(database, order, docids);
      return (a, b) => compareOrderValues(values.get(a.docid), values.get(b.docid), order.direction);
    });
  });
  const sorted = matches.toSorted((a, b) => {
    for (const compare of compares) {
      const difference = compare(a, b);
      if (difference !== 0) return difference;
    }
    return a.docid - b.docid;
  });
  return sorted.map(({ docid }) => docid);
}

/** Compares by a figure that is worked out once for each match. */
function byCost(cost: (match: Match) => number): Compare {
  const known = new Map<Match, number>();
  const costOf = (match: Match): number => {
    let value = known.get(match);
    if (value === undefined) known.set(match, (value = cost(match)));
    return value;
  };
  return (a, b) => costOf(a) - costOf(b);
}

function wordCost(rule: WordRule, attributeRank: (field: number) => number): (match: Match) => number {
  const overHits = (cost: (hit: Hit) => number) => (match: Match) => total(match.hits, cost);
  const rankOf = (hit: Hit): number => least(hit.positions, (position) => attributeRank(fieldOf(position)));
  const offsetOf = (hit: Hit): number => least(hit.positions, (position) => position % fieldsMax);
  const costs: Record<WordRule, (match: Match) => number> = {
    words: (match) => -match.hits.length,
    typo: overHits((hit) => hit.typos),
    proximity: ({ hits }) => total(hits.slice(1), (hit, index) => distance(hits[index] as Hit, hit)),
    attributeRank: overHits(rankOf),
    wordPosition: overHits(offsetOf),
    attribute: overHits((hit) => rankOf(hit) * fieldsMax + offsetOf(hit)),
    exactness: overHits((hit) => (hit.exact ? 0 : 1)),
  };
  return costs[rule];
}

/** Words between two hits in the same attribute; one more when they stand in the other order. */
function distance(first: Hit, second: Hit): number {
  let shortest = distanceMax;
  for (const from of first.positions) {
    for (const to of second.positions) {
      if (fieldOf(from) !== fieldOf(to)) continue;
      shortest = Math.min(shortest, to > from ? to - from : from - to + 1);
      if (shortest === 1) return shortest;
    }
  }
  return shortest;
}

function total<Value>(values: readonly Value[], cost: (value: Value, index: number) => number): number {
  let sum = 0;
  for (const [index, value] of values.entries()) sum += cost(value, index);
  return sum;
}

/** The least cost over positions; a loop, since a long document has more positions than a call has room for. */
function least(positions: readonly number[], cost: (position: number) => number): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const position of positions) smallest = Math.min(smallest, cost(position));
  return smallest;
}

function attributeRanks(database: DatabaseSync, searchable: readonly string[]): (field: number) => number {
  if (searchable.includes('*')) return (field) => field;
  const paths = rows<{ field: number; path: string }>(database, 'SELECT field, path FROM fields');
  const ranks = new Map(paths.map(({ field, path }) => [field, searchable.findIndex((name) => covers(name, path))]));
  return (field) => ranks.get(field) ?? searchable.length;
}

function fieldOf(position: number): number {
  return Math.floor(position / fieldsMax);
}
