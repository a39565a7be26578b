import { distance } from 'fastest-levenshtein';

/**
 * The known name that somebody probably meant: the nearest by edits, as far as a third of the letters may be wrong;
 * `undefined` where none is near.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const meant = name.toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(meant, candidate.toLowerCase()) }))
    .toSorted((one, other) => one.edits - other.edits);
  const [first] = ranked;
  return first && first.edits <= Math.max(1, Math.floor(name.length / 3)) ? first.candidate : undefined;
}

/** A name that nothing answers to, as a message tells it: quoted, with the one that was probably meant. */
export function unknownName(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? `\`${name}\`` : `\`${name}\`; did you mean \`${meant}\`?`;
}
