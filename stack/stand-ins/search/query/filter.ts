import { FilterSyntaxError } from './filter-error.ts';
import { tokensOf, type Token } from './filter-lexer.ts';

export type Comparison = '=' | '!=' | '>' | '>=' | '<' | '<=';
export type Operator = Comparison | 'TO' | 'IN' | 'EXISTS' | 'IS NULL' | 'IS EMPTY' | 'STARTS WITH';

export interface Condition {
  kind: 'condition';
  attribute: string;
  operator: Operator;
  /** None for `EXISTS`, `IS NULL` and `IS EMPTY`; two for `TO`; any number for `IN`. */
  values: string[];
}

/** What a filter says. `NOT EXISTS`, `NOT IN` and the like are a `not` around their condition. */
export type Filter = { kind: 'and' | 'or'; terms: Filter[] } | { kind: 'not'; term: Filter } | Condition;

/** Brackets and `NOT` inside one another beyond this are refused, so that no filter can exhaust the stack. */
const depthMax = 200;

/**
 * Reads a filter: a text with `AND`, `OR`, `NOT`, brackets, comparisons, `TO`, `IN`, `EXISTS`, `IS NULL`, `IS EMPTY`,
 * `STARTS WITH`; or a list, whose elements are joined by `AND` and whose inner lists by `OR`. `undefined` for an empty one.
 * Throws `FilterSyntaxError`.
 */
export function parseFilter(filter: string | readonly (string | readonly string[])[]): Filter | undefined {
  if (typeof filter === 'string') return parseText(filter);
  const terms = filter.map((element) =>
    typeof element === 'string' ? parseText(element) : joined('or', element.map(parseText)),
  );
  return joined('and', terms);
}

function parseText(filter: string): Filter | undefined {
  if (filter.trim() === '') return undefined;
  const reader = new Reader(filter);
  const parsed = disjunction(reader, 0);
  if (reader.peek().kind !== 'end') {
    throw reader.error(
      `Found unexpected characters at the end of the filter: \`${filter.slice(reader.peek().start)}\`.`,
    );
  }
  return parsed;
}

function disjunction(reader: Reader, depth: number): Filter {
  const terms = [conjunction(reader, depth)];
  while (reader.takeWord('OR')) terms.push(conjunction(reader, depth));
  return joined('or', terms) as Filter;
}

function conjunction(reader: Reader, depth: number): Filter {
  const terms = [negation(reader, depth)];
  while (reader.takeWord('AND')) terms.push(negation(reader, depth));
  return joined('and', terms) as Filter;
}

function negation(reader: Reader, depth: number): Filter {
  if (depth > depthMax) throw reader.error(`The filter exceeded the maximum depth limit of ${depthMax}.`);
  if (reader.takeWord('NOT')) return { kind: 'not', term: negation(reader, depth + 1) };
  if (!reader.takeSign('(')) return condition(reader);
  const inner = disjunction(reader, depth + 1);
  if (!reader.takeSign(')')) throw reader.error('Expression is missing the following closing delimiter: `)`.');
  return inner;
}

function condition(reader: Reader): Filter {
  const attribute = reader.value();
  const sign = reader.peek();
  if (sign.kind === 'sign' && /^[!<>=]+$/.test(sign.text)) {
    reader.next();
    return { kind: 'condition', attribute, operator: sign.text as Comparison, values: [reader.value()] };
  }
  const negated = reader.takeWord('NOT');
  const found = wordCondition(reader, attribute, negated);
  if (!found) {
    throw reader.error(
      `Was expecting an operation \`=\`, \`!=\`, \`>=\`, \`>\`, \`<=\`, \`<\`, \`IN\`, \`NOT IN\`, \`TO\`, \`EXISTS\`, \`NOT EXISTS\`, \`IS NULL\`, \`IS NOT NULL\`, \`IS EMPTY\`, \`IS NOT EMPTY\`, \`STARTS WITH\`, or \`NOT STARTS WITH\` at \`${reader.filter}\`.`,
    );
  }
  return negated || found.negated ? { kind: 'not', term: found.condition } : found.condition;
}

function wordCondition(
  reader: Reader,
  attribute: string,
  negated: boolean,
): { condition: Condition; negated?: boolean } | undefined {
  const of = (operator: Operator, values: string[] = []): Condition => ({
    kind: 'condition',
    attribute,
    operator,
    values,
  });
  if (reader.takeWord('EXISTS')) return { condition: of('EXISTS') };
  if (reader.takeWord('IN')) return { condition: of('IN', list(reader)) };
  if (reader.takeWord('STARTS')) {
    if (!reader.takeWord('WITH')) throw reader.error('Was expecting `WITH` after `STARTS`.');
    return { condition: of('STARTS WITH', [reader.value()]) };
  }
  if (negated) return undefined;
  if (reader.takeWord('IS')) {
    const not = reader.takeWord('NOT');
    if (reader.takeWord('NULL')) return { condition: of('IS NULL'), negated: not };
    if (reader.takeWord('EMPTY')) return { condition: of('IS EMPTY'), negated: not };
    throw reader.error('Was expecting `NULL` or `EMPTY` after `IS`.');
  }
  if (reader.peek().kind !== 'value' && reader.peek().kind !== 'quoted') return undefined;
  if (!reader.isWord('TO', 1)) return undefined;
  const from = reader.value();
  reader.takeWord('TO');
  return { condition: of('TO', [from, reader.value()]) };
}

function list(reader: Reader): string[] {
  if (!reader.takeSign('[')) throw reader.error('Expected `[` after `IN` keyword.');
  const values: string[] = [];
  while (!reader.takeSign(']')) {
    if (reader.peek().kind === 'sign' || reader.peek().kind === 'end')
      throw reader.error('Expected only comma-separated field names inside `IN[..]`.');
    values.push(reader.value());
    if (!reader.takeSign(',') && reader.peek().text !== ']')
      throw reader.error('Expected matching `]` after the list of field names given to `IN[`.');
  }
  return values;
}

function joined(kind: 'and' | 'or', terms: readonly (Filter | undefined)[]): Filter | undefined {
  const given = terms.filter((term) => term !== undefined);
  return given.length > 1 ? { kind, terms: given } : given[0];
}

/** Goes through the tokens of one filter. */
class Reader {
  readonly filter: string;
  readonly #tokens: Token[];
  #at = 0;

  constructor(filter: string) {
    this.filter = filter;
    this.#tokens = tokensOf(filter);
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  isWord(word: string, ahead = 0): boolean {
    return this.peek(ahead).kind === 'value' && this.peek(ahead).text === word;
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.#at++;
    return true;
  }

  takeSign(sign: string): boolean {
    if (this.peek().kind !== 'sign' || this.peek().text !== sign) return false;
    this.#at++;
    return true;
  }

  value(): string {
    const token = this.peek();
    if (token.kind === 'value' || token.kind === 'quoted') return this.next().text;
    throw this.error('Was expecting a value but instead got nothing.');
  }

  error(words: string): FilterSyntaxError {
    const { start } = this.peek();
    return new FilterSyntaxError(words, start, start, this.filter);
  }
}
