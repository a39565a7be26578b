import { lettersOf } from './words.ts';

export interface TypoTolerance {
  enabled: boolean;
  minWordSizeForTypos: { oneTypo: number; twoTypos: number };
  disableOnWords: string[];
  disableOnAttributes: string[];
  disableOnNumbers: boolean;
}

/** How many typos a word of a query may have: by its length in characters and the settings. */
export function typosAllowed(word: string, tolerance: TypoTolerance): 0 | 1 | 2 {
  const { enabled, minWordSizeForTypos, disableOnWords, disableOnNumbers } = tolerance;
  if (!enabled || disableOnWords.includes(word)) return 0;
  if (disableOnNumbers && /^\p{N}+$/u.test(word)) return 0;
  const length = lettersOf(word).length;
  if (length >= minWordSizeForTypos.twoTypos) return 2;
  return length >= minWordSizeForTypos.oneTypo ? 1 : 0;
}

/**
 * Edits (insertion, deletion, substitution, swap of neighbours: optimal string alignment) from `word` to `term`, or to
 * the beginning of `term` that is nearest when `asPrefix`. `undefined` when they are more than `limit`.
 */
export function editDistance(word: string, term: string, limit: number, asPrefix = false): number | undefined {
  const from = lettersOf(word);
  // Beyond this length the rest of a longer term cannot matter: as a prefix it is not looked at, else it is too far.
  const to = lettersOf(term).slice(0, from.length + limit + 1);
  if (from.length - to.length > limit || (!asPrefix && to.length - from.length > limit)) return undefined;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const current = [line];
    for (let column = 1; column <= to.length; column++) {
      const same = from[line - 1] === to[column - 1];
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      const swapped = line > 1 && column > 1 && from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    if (Math.min(...current) > limit) return undefined;
    beforeLast = last;
    last = current;
  }
  const distance = asPrefix ? Math.min(...last) : at(last, to.length);
  return distance <= limit ? distance : undefined;
}

/**
 * Every text that one edit of the first letter makes of `word`, the letters of `alphabet` put in. A typo in the first
 * letter counts as two, so these are looked up one by one instead of going through all words of the index.
 */
export function firstLetterTypos(word: string, alphabet: Iterable<string>): string[] {
  const [first = '', second = '', ...rest] = word;
  const tail = second + rest.join('');
  const made = new Set<string>([tail, second + first + rest.join('')]);
  for (const letter of alphabet) made.add(letter + tail).add(letter + word);
  made.delete(word);
  made.delete('');
  return [...made].filter((text) => !text.startsWith(first) || first === '');
}

function at(line: readonly number[], column: number): number {
  return line[column] ?? Number.POSITIVE_INFINITY;
}
