import { wordsOf } from './words.ts';

/** A part of a query that a document has or has not: a word, or words in quotes that must follow one another. */
export interface QueryUnit {
  words: string[];
  phrase: boolean;
  /** Only of the last word, when nothing follows it: it may be the beginning of a word. */
  prefix: boolean;
}

export interface QueryWords {
  units: QueryUnit[];
  /** Documents with one of these are left out: words and phrases with a minus before them. */
  excluded: QueryUnit[];
}

/** More words of a query are not looked at, as a real server does. */
const unitsMax = 10;

/** Takes a query apart. Stop words are left out. */
export function queryWords(query: string, stopWords: ReadonlySet<string>, prefixSearch: boolean): QueryWords {
  const units: QueryUnit[] = [];
  const excluded: QueryUnit[] = [];
  let endsInWord = false;
  for (const [, minus, quoted, plain] of query.matchAll(/(?<![^\s])(-?)"([^"]*)"?|(\S+)/gu)) {
    const negative = minus === '-' || (plain?.startsWith('-') ?? false);
    const words = wordsOf(quoted ?? plain ?? '').filter((word) => !stopWords.has(word));
    const made: QueryUnit[] =
      quoted === undefined
        ? words.map((word) => ({ words: [word], phrase: false, prefix: false }))
        : words.length > 0
          ? [{ words, phrase: true, prefix: false }]
          : [];
    (negative ? excluded : units).push(...made);
    endsInWord = !negative && quoted === undefined && made.length > 0 && /[\p{L}\p{N}\p{M}]$/u.test(query);
  }
  const kept = units.slice(0, unitsMax);
  const last = kept.at(-1);
  if (last && prefixSearch && endsInWord && kept.length === units.length) last.prefix = true;
  return { units: kept, excluded };
}
