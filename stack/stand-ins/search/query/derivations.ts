import type { DatabaseSync } from 'node:sqlite';
import { editDistance, firstLetterTypos, typosAllowed, type TypoTolerance } from './typo.ts';

/** Words of the index that stand for a word of a query, by the number of typos between them. */
export interface Derivations {
  /** `terms[n]` are those with n typos; without typos only the word itself. */
  terms: [string[], string[], string[]];
  /** All words that begin with it stand for it, too. */
  prefix: boolean;
}

/** Most words with one or two typos, as a real server limits them. */
const termsMax = [1, 150, 50] as const;

/** Greater than every text that begins with the same characters. */
export const lastCharacter = '\u{10FFFF}';

/** Looks up which words of the index a word of a query may stand for. */
export function derivationsOf(
  database: DatabaseSync,
  word: string,
  prefix: boolean,
  tolerance: TypoTolerance,
): Derivations {
  const terms: Derivations['terms'] = [[word], [], []];
  const limit = typosAllowed(word, tolerance);
  if (limit === 0) return { terms, prefix };
  const [first = ''] = word;
  for (const term of termsBetween(database, first, first + lastCharacter)) {
    if (term === word || (prefix && term.startsWith(word))) continue;
    const distance = editDistance(word, term, limit, prefix);
    if (distance === 1 || distance === 2) add(terms, distance, term);
  }
  if (limit === 2) {
    for (const text of firstLetterTypos(word, firstLetters(database))) {
      const found = prefix ? termsBetween(database, text, text + lastCharacter) : termsBetween(database, text, text);
      for (const term of found) add(terms, 2, term);
    }
  }
  return { terms, prefix };
}

function add(terms: Derivations['terms'], distance: 1 | 2, term: string): void {
  if (terms[distance].length < termsMax[distance] && !terms[distance].includes(term)) terms[distance].push(term);
}

function termsBetween(database: DatabaseSync, from: string, to: string): string[] {
  const statement = database.prepare('SELECT term FROM terms WHERE term >= ? AND term <= ?');
  statement.setReturnArrays(true);
  return (statement.all(from, to) as unknown as [string][]).map(([term]) => term);
}

/** First letters of all words of the index, found by jumping from one to the next. */
function firstLetters(database: DatabaseSync): string[] {
  const statement = database.prepare('SELECT term FROM terms WHERE term > ? LIMIT 1');
  const letters: string[] = [];
  for (let after = ''; ;) {
    const [letter] = (statement.get(after) as { term: string } | undefined)?.term ?? '';
    if (letter === undefined) return letters;
    letters.push(letter);
    after = letter + lastCharacter;
  }
}
