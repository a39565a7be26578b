import { FilterSyntaxError } from './filter-error.ts';

/** A word, a quoted value or a sign of a filter, with its place. */
export interface Token {
  kind: 'value' | 'quoted' | 'sign' | 'end';
  text: string;
  /** First character in the filter, from 0. */
  start: number;
  end: number;
}

const signs = ['!=', '>=', '<=', '=', '>', '<', '(', ')', '[', ']', ','];
const wordPattern = /[\p{L}\p{N}_\-/.]+/uy;

/** Splits a filter into tokens; the last one is `end`. A quoted value keeps spaces and signs, `\` escapes its quote. */
export function tokensOf(filter: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    if (/\s/.test(filter.charAt(at))) {
      at++;
      continue;
    }
    const token = tokenAt(filter, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', start: filter.length, end: filter.length });
  return tokens;
}

function tokenAt(filter: string, start: number): Token {
  const letter = filter.charAt(start);
  if (letter === '"' || letter === "'") return quotedAt(filter, start, letter);
  const sign = signs.find((candidate) => filter.startsWith(candidate, start));
  if (sign) return { kind: 'sign', text: sign, start, end: start + sign.length };
  wordPattern.lastIndex = start;
  const word = wordPattern.exec(filter)?.[0];
  if (word) return { kind: 'value', text: word, start, end: start + word.length };
  throw new FilterSyntaxError(`Found unexpected characters: \`${filter.slice(start)}\`.`, start, filter.length, filter);
}

function quotedAt(filter: string, start: number, quote: string): Token {
  let text = '';
  for (let at = start + 1; at < filter.length; at++) {
    const letter = filter.charAt(at);
    if (letter === quote) return { kind: 'quoted', text, start, end: at + 1 };
    const next = filter.charAt(at + 1);
    if (letter === '\\' && (next === quote || next === '\\')) at++;
    text += filter.charAt(at);
  }
  const body = filter.slice(start);
  throw new FilterSyntaxError(
    `Expression \`${body}\` is missing the following closing delimiter: \`${quote}\`.`,
    start,
    filter.length,
    filter,
  );
}
