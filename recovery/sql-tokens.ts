/**
 * Splits SQL text into tokens that come to the same text when they are joined: a quoted text or name, a dollar-quoted
 * body and a comment are one token each, as is a word, a run of white space, `::`, and every other character.
 * Lexical rules: https://www.postgresql.org/docs/current/sql-syntax-lexical.html, with standard_conforming_strings on.
 */
export function sqlTokens(sql: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < sql.length;) {
    const end = endOfToken(sql, at);
    tokens.push(sql.slice(at, end));
    at = end;
  }
  return tokens;
}

const word = /[\w$\u0080-\uffff]+/y;
const space = /\s+/y;
const escapedText = /[eE]'(?:[^'\\]|''|\\[^])*'?/y;
const quotedText = /'(?:[^']|'')*'?/y;
const quotedName = /"(?:[^"]|"")*"?/y;
const lineComment = /--[^\n]*/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const cast = /::/y;

function endOfToken(sql: string, at: number): number {
  for (const pattern of [space, escapedText, quotedText, quotedName, lineComment]) {
    const end = endOf(pattern, sql, at);
    if (end !== undefined) return end;
  }
  if (sql.startsWith('/*', at)) return endOfComment(sql, at);
  const tagEnd = endOf(dollarTag, sql, at);
  if (tagEnd !== undefined) {
    const close = sql.indexOf(sql.slice(at, tagEnd), tagEnd);
    return close === -1 ? sql.length : close + tagEnd - at;
  }
  return endOf(word, sql, at) ?? endOf(cast, sql, at) ?? at + 1;
}

function endOf(pattern: RegExp, sql: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : undefined;
}

/** Comments of this kind are nested. */
function endOfComment(sql: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 0;
  for (let match = marks.exec(sql); match; match = marks.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}

const opens = new Set(['(', '[']);
const closes = new Set([')', ']']);

/** Place of the bracket that closes the one at `from`; `undefined` where none does. */
export function closingBracket(tokens: readonly string[], from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (opens.has(token)) depth += 1;
    if (closes.has(token)) depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/** Splits tokens at the commas that are in no bracket; the commas are left out. */
export function atCommas(tokens: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (opens.has(token)) depth += 1;
    if (closes.has(token)) depth -= 1;
    if (token === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
