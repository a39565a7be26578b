/** Longest word that is indexed, in characters; longer ones are no words that anyone searches for. */
const wordLengthMax = 250;

/**
 * The words of a text as the index holds them: lower case, without accents, split at everything that is neither letter
 * nor digit. Scripts written without spaces are not segmented.
 */
export function wordsOf(text: string): string[] {
  const words = normalized(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => word.length <= wordLengthMax);
}

/** The characters of a text; one beyond 16 bits is one. */
export function lettersOf(text: string): string[] {
  return Array.from(text);
}

/** Lower case and without accents; two texts that differ in nothing else are equal for filters. */
export function normalized(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '');
}
