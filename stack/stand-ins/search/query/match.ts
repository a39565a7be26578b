import type { DatabaseSync } from 'node:sqlite';
import { covers } from '../json.ts';
import type { Settings } from '../settings.ts';
import { rows } from '../store/database.ts';
import { derivationsOf } from './derivations.ts';
import { addHits, postingsReader, type FieldTest, type Hit, type Hits, type PostingsReader } from './postings.ts';
import { queryWords, type QueryUnit } from './query-words.ts';
import { wordsOf } from './words.ts';

/** A document that has at least the first word of a query. */
export interface Match {
  docid: number;
  /** One for each leading part of the query that the document has. */
  hits: Hit[];
}

export interface MatchOptions {
  query: string;
  settings: Settings;
  /** `last` gives up words from the end, `all` none. */
  strategy: 'last' | 'all';
  attributesToSearchOn?: readonly string[];
  /** Documents that may be found; every document when absent. */
  allowed?: ReadonlySet<number>;
}

/** Finds the documents of a query; `undefined` when the query has no word, so that every document fits. */
export function matchQuery(database: DatabaseSync, options: MatchOptions): Match[] | undefined {
  const { query, settings, allowed } = options;
  const stopWords = new Set(settings.stopWords.flatMap(wordsOf));
  const { units, excluded } = queryWords(query, stopWords, settings.prefixSearch === 'indexingTime');
  const reader = postingsReader(database, fieldTest(database, options));
  const [first, ...others] = units.map((unit) => hitsOf(database, reader, unit, settings));
  if (!first) return undefined;
  const unwanted = excluded.map((unit) => reader.phrase(unit.words));
  const matches: Match[] = [];
  for (const [docid, hit] of first) {
    if (allowed && !allowed.has(docid)) continue;
    if (unwanted.some((hits) => hits.has(docid))) continue;
    const hits = leadingHits(docid, hit, others);
    if (options.strategy === 'last' || hits.length === units.length) matches.push({ docid, hits });
  }
  return matches;
}

function leadingHits(docid: number, first: Hit, others: readonly Hits[]): Hit[] {
  const hits = [first];
  for (const other of others) {
    const hit = other.get(docid);
    if (!hit) break;
    hits.push(hit);
  }
  return hits;
}

function hitsOf(database: DatabaseSync, reader: PostingsReader, unit: QueryUnit, settings: Settings): Hits {
  if (unit.phrase) return reader.phrase(unit.words);
  const [word = ''] = unit.words;
  const hits = reader.word(derivationsOf(database, word, unit.prefix, settings.typoTolerance));
  for (const [key, synonyms] of Object.entries(settings.synonyms)) {
    if (wordsOf(key).join(' ') !== word) continue;
    for (const synonym of synonyms) addHits(hits, reader.phrase(wordsOf(synonym)));
  }
  return hits;
}

/** Fields that a query looks at, and those where typos do not count. */
function fieldTest(database: DatabaseSync, { settings, attributesToSearchOn }: MatchOptions): FieldTest {
  const { disableOnAttributes } = settings.typoTolerance;
  if (!attributesToSearchOn && disableOnAttributes.length === 0) return () => true;
  const within = (attributes: readonly string[], path: string): boolean =>
    attributes.some((name) => covers(name, path));
  const paths = rows<{ field: number; path: string }>(database, 'SELECT field, path FROM fields');
  const searched = new Set<number>();
  const strict = new Set<number>();
  for (const { field, path } of paths) {
    if (within(attributesToSearchOn ?? ['*'], path)) searched.add(field);
    if (within(disableOnAttributes, path)) strict.add(field);
  }
  return (field, typos) => searched.has(field) && (typos === 0 || !strict.has(field));
}
