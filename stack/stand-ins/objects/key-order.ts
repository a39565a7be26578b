/** Greater than every text for SQLite, which puts bytes behind all texts. */
export const behindAllKeys = new Uint8Array(0);

/**
 * The least text that is greater than every text beginning with `prefix`, in the order of UTF-8, which is the order of
 * code points; `undefined` when there is none.
 */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // The surrogates are no characters of their own.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}

/** The part of `key` up to the first delimiter behind `prefix`; `undefined` without one. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}

/** True when `a` comes before `b` in the order of UTF-8; JavaScript itself compares UTF-16. */
export function inOrder(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
