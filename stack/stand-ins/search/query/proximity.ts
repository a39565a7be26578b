import { fieldsMax } from '../store/index-store.ts';
import { leadingUnits } from './match.ts';
import { positionsIn, type UnitHits } from './unit-hits.ts';

/** Words farther apart than this, or in different attributes, are equally far. */
const distanceMax = 8;

/** The sum of the distances between the parts of a query that follow one another, for each of the documents. */
export function proximityCosts(units: readonly UnitHits[], docids: readonly number[]): (docid: number) => number {
  const several = new Set(docids.filter((docid) => leadingUnits(units, docid) > 1));
  if (several.size === 0) return () => 0;
  const places = units.map(({ where }) => (where ? positionsIn(where, several) : new Map<number, number[]>()));
  return (docid) => {
    if (!several.has(docid)) return 0;
    let sum = 0;
    for (let unit = 1; unit < leadingUnits(units, docid); unit++) {
      sum += distance(places[unit - 1]?.get(docid) ?? [], places[unit]?.get(docid) ?? []);
    }
    return sum;
  };
}

/** Words between two hits in the same attribute; one more when they stand in the other order. */
function distance(first: readonly number[], second: readonly number[]): number {
  let shortest = distanceMax;
  for (const from of first) {
    for (const to of second) {
      if (Math.floor(from / fieldsMax) !== Math.floor(to / fieldsMax)) continue;
      shortest = Math.min(shortest, to > from ? to - from : from - to + 1);
      if (shortest === 1) return shortest;
    }
  }
  return shortest;
}
