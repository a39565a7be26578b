import { atCommas, closingBracket, sqlTokens } from './sql-tokens.ts';

/**
 * The text of a definition as it is after a dump and a restore. The server prints an expression by what it has parsed,
 * and one of its prints parses differently from what it was made of: `x IN ('a', 'b')` on a varchar column is printed
 * `(ARRAY['a'::character varying, …])::text[]`, and that is read back as `ARRAY[('a'::character varying)::text, …]`.
 * The first form is turned into the second; both mean the same. Nothing else is changed: not a character inside of a
 * quotation, a body or a comment, and no line feed.
 */
export function canonicalDefinition(definition: string): string {
  return definition.includes('(ARRAY[') ? canonicalTokens(sqlTokens(definition)) : definition;
}

function canonicalTokens(tokens: readonly string[]): string {
  let text = '';
  for (let at = 0; at < tokens.length;) {
    const found = castArrayAt(tokens, at);
    text += found?.text ?? tokens[at] ?? '';
    at = found?.end ?? at + 1;
  }
  return text;
}

/** `(ARRAY[…])::type[]` with its first bracket at `at`, as it is read back, and the place behind it. */
function castArrayAt(tokens: readonly string[], at: number): { text: string; end: number } | undefined {
  if (tokens[at] !== '(' || tokens[at + 1] !== 'ARRAY' || tokens[at + 2] !== '[') return undefined;
  const close = closingBracket(tokens, at + 2);
  if (close === undefined || tokens[close + 1] !== ')' || tokens[close + 2] !== '::') return undefined;
  const type = arrayTypeAt(tokens, close + 3);
  if (type === undefined) return undefined;
  return { text: castElements(tokens.slice(at + 3, close), type.element), end: type.end };
}

function castElements(tokens: readonly string[], type: string): string {
  const elements = atCommas(tokens).map((element) => castElement(trimmed(element), type));
  return `ARRAY[${elements.join(', ')}]`;
}

/** The cast of an array of arrays reaches the innermost elements. */
function castElement(tokens: readonly string[], type: string): string {
  const nested = tokens[0] === 'ARRAY' && tokens[1] === '[' && closingBracket(tokens, 1) === tokens.length - 1;
  return nested ? castElements(tokens.slice(2, -1), type) : `(${canonicalTokens(tokens)})::${type}`;
}

/** A type's name, of several words and in a schema where it is so, up to its `[]`. */
function arrayTypeAt(tokens: readonly string[], from: number): { element: string; end: number } | undefined {
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (token === '[' && tokens[at + 1] === ']') {
      return at === from ? undefined : { element: tokens.slice(from, at).join(''), end: at + 2 };
    }
    if (token === '(') {
      at = closingBracket(tokens, at) ?? tokens.length;
      continue;
    }
    if (!/^(?:["\w\u0080-\uffff .])/.test(token)) return undefined;
  }
  return undefined;
}

function trimmed(tokens: readonly string[]): readonly string[] {
  const first = tokens.findIndex((token) => token.trim() !== '');
  const last = tokens.findLastIndex((token) => token.trim() !== '');
  return tokens.slice(Math.max(first, 0), last + 1);
}
