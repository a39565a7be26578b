import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from '../settings.ts';
import { fieldsMax } from '../store/index-store.ts';
import { leadingUnits, type Matches } from './match.ts';
import { compareOrderValues, orderValues } from './order.ts';
import { proximityCosts } from './proximity.ts';
import { asCustomOrder, isWordRule, type AttributeOrder, type WordRule } from './ranking-rules.ts';
import type { UnitHits } from './unit-hits.ts';

/** Splits documents into groups, the best first; within a group they are equal under the rule. */
type Rule = (docids: number[]) => number[][];

/**
 * The best documents by the ranking rules of the index, as many as are `needed`; documents that no rule tells apart keep
 * the order of their arrival. A rule looks only at what the one before found equal, and only until enough are found. The
 * rules follow those of a real server in kind, not in every figure: `attributeRank` and `wordPosition` are sums over the
 * words of the query.
 */
export function rank(
  database: DatabaseSync,
  { docids, units }: Matches,
  settings: Settings,
  sort: AttributeOrder[],
  needed: number,
): number[] {
  const rules = settings.rankingRules.flatMap((name): Rule[] => {
    if (isWordRule(name)) return [(group) => grouped(group, wordCosts(name, units, group))];
    const orders = name === 'sort' ? sort : [asCustomOrder(name)].filter((order) => order !== undefined);
    return orders.map((order) => (group) => ordered(database, order, group));
  });
  return best(docids, rules, needed);
}

function best(docids: number[], rules: readonly Rule[], needed: number): number[] {
  const [rule, ...others] = rules;
  if (!rule || docids.length === 1) return docids.slice(0, needed);
  const found: number[] = [];
  for (const group of rule(docids)) {
    if (found.length >= needed) break;
    for (const docid of best(group, others, needed - found.length)) found.push(docid);
  }
  return found;
}

/** Groups by cost, the least first. */
function grouped(docids: readonly number[], cost: (docid: number) => number): number[][] {
  const groups = new Map<number, number[]>();
  for (const docid of docids) {
    const key = cost(docid);
    const group = groups.get(key);
    if (group) group.push(docid);
    else groups.set(key, [docid]);
  }
  return [...groups].toSorted(([a], [b]) => a - b).map(([, group]) => group);
}

function ordered(database: DatabaseSync, order: AttributeOrder, docids: readonly number[]): number[][] {
  const values = orderValues(database, order, docids);
  const compare = (a: number, b: number): number => compareOrderValues(values.get(a), values.get(b), order.direction);
  const groups: number[][] = [];
  for (const docid of docids.toSorted((a, b) => compare(a, b) || a - b)) {
    const last = groups.at(-1);
    if (last && compare(last[0] as number, docid) === 0) last.push(docid);
    else groups.push([docid]);
  }
  return groups;
}

function wordCosts(rule: WordRule, units: readonly UnitHits[], docids: readonly number[]): (docid: number) => number {
  const overUnits = (cost: (unit: UnitHits, docid: number) => number) => (docid: number) => {
    let sum = 0;
    for (const unit of units.slice(0, leadingUnits(units, docid))) sum += cost(unit, docid);
    return sum;
  };
  const rankOf = ({ rank }: UnitHits, docid: number): number => rank[docid] ?? 0;
  const offsetOf = ({ offset }: UnitHits, docid: number): number => offset[docid] ?? 0;
  const costs: Record<WordRule, () => (docid: number) => number> = {
    words: () => (docid) => -leadingUnits(units, docid),
    typo: () => overUnits(({ typos }, docid) => (typos[docid] ?? 1) - 1),
    proximity: () => proximityCosts(units, docids),
    attributeRank: () => overUnits(rankOf),
    wordPosition: () => overUnits(offsetOf),
    attribute: () => overUnits((unit, docid) => rankOf(unit, docid) * fieldsMax + offsetOf(unit, docid)),
    exactness: () => overUnits(({ exact }, docid) => 1 - (exact[docid] ?? 0)),
  };
  return costs[rule]();
}
