import type { DatabaseSync } from 'node:sqlite';
import { covers } from '../json.ts';
import type { Settings } from '../settings.ts';
import { rows } from '../store/database.ts';
import { derivationsOf } from './derivations.ts';
import { hitsFrom, postingsReader, type FieldRules, type PostingsReader } from './postings.ts';
import { queryWords, type QueryUnit } from './query-words.ts';
import type { UnitHits } from './unit-hits.ts';
import { wordsOf } from './words.ts';

/** The documents of a query: those with at least its first part. */
export interface Matches {
  /** In the order of their arrival. */
  docids: number[];
  /** One for each part of the query. */
  units: UnitHits[];
}

export interface MatchOptions {
  query: string;
  settings: Settings;
  /** `last` gives up words from the end, `all` none. */
  strategy: 'last' | 'all';
  attributesToSearchOn?: readonly string[];
  /** 1 for each document that may be found, by its number; every document when absent. */
  allowed?: Uint8Array;
  /** Greatest number of a document. */
  docidMax: number;
}

/** Finds the documents of a query; `undefined` when the query has no word, so that every document fits. */
export function matchQuery(database: DatabaseSync, options: MatchOptions): Matches | undefined {
  const { query, settings, allowed, docidMax } = options;
  const stopWords = new Set(settings.stopWords.flatMap(wordsOf));
  const words = queryWords(query, stopWords, settings.prefixSearch === 'indexingTime');
  if (words.units.length === 0) return undefined;
  const reader = postingsReader(database, fieldRules(database, options));
  const several = words.units.length > 1;
  const units = words.units.map((unit) =>
    hitsFrom(docidMax, several, (hits) => addUnit(hits, database, reader, unit, settings)),
  );
  const unwanted = words.excluded.map((unit) => hitsFrom(docidMax, false, (hits) => reader.phrase(hits, unit.words)));
  const needed = options.strategy === 'all' ? units.length : 1;
  const docids: number[] = [];
  for (let docid = 0; docid <= docidMax; docid++) {
    if (leadingUnits(units, docid) < needed || (allowed && allowed[docid] !== 1)) continue;
    if (!unwanted.some(({ typos }) => typos[docid])) docids.push(docid);
  }
  return { docids, units };
}

/** How many parts of the query a document has, counted from the first one to the first that is missing. */
export function leadingUnits(units: readonly UnitHits[], docid: number): number {
  const missing = units.findIndex(({ typos }) => typos[docid] === 0);
  return missing === -1 ? units.length : missing;
}

function addUnit(
  hits: UnitHits,
  database: DatabaseSync,
  reader: PostingsReader,
  unit: QueryUnit,
  settings: Settings,
): void {
  if (unit.phrase) {
    reader.phrase(hits, unit.words);
    return;
  }
  const [word = ''] = unit.words;
  reader.word(hits, derivationsOf(database, word, unit.prefix, settings.typoTolerance));
  for (const [key, synonyms] of Object.entries(settings.synonyms)) {
    if (wordsOf(key).join(' ') !== word) continue;
    for (const synonym of synonyms) reader.phrase(hits, wordsOf(synonym));
  }
}

/** What a query looks at, where typos do not count, and how attributes are ranked. */
function fieldRules(database: DatabaseSync, { settings, attributesToSearchOn }: MatchOptions): FieldRules {
  const { searchableAttributes, typoTolerance } = settings;
  const within = (attributes: readonly string[], path: string): boolean =>
    attributes.some((name) => covers(name, path));
  const searched = new Set<number>();
  const strict = new Set<number>();
  const ranks = new Map<number, number>();
  for (const { field, path } of rows<{ field: number; path: string }>(database, 'SELECT field, path FROM fields')) {
    if (within(attributesToSearchOn ?? ['*'], path)) searched.add(field);
    if (within(typoTolerance.disableOnAttributes, path)) strict.add(field);
    const rank = searchableAttributes.findIndex((name) => covers(name, path));
    // With `*`, attributes rank in the order in which the index came to know them.
    ranks.set(field, searchableAttributes[rank] === '*' ? field : Math.max(0, rank));
  }
  return {
    rank: (field) => ranks.get(field) ?? 0,
    counts: (field, typos) => searched.has(field) && (typos === 0 || !strict.has(field)),
  };
}
