import { describe, expect, it } from 'vitest';
import { FilterSyntaxError } from './filter-error.ts';
import { parseFilter, type Condition, type Filter, type Operator } from './filter.ts';

const condition = (attribute: string, operator: Operator, ...values: string[]): Condition => ({
  kind: 'condition',
  attribute,
  operator,
  values,
});
const a = condition('a', '=', '1');
const b = condition('b', '=', '2');
const c = condition('c', '=', '3');
const not = (term: Filter): Filter => ({ kind: 'not', term });

describe('parseFilter', () => {
  const understood: [string, Filter][] = [
    ['a = 1', a],
    ['a=1', a],
    [' a  =  "1" ', a],
    [`a = '1'`, a],
    ['a.b-c_d/e != x', condition('a.b-c_d/e', '!=', 'x')],
    ['price >= -3.5', condition('price', '>=', '-3.5')],
    [String.raw`title = "she said \"no\" \\ yes"`, condition('title', '=', String.raw`she said "no" \ yes`)],
    ['name = "ș AND (x)"', condition('name', '=', 'ș AND (x)')],
    ['a = 1 AND b = 2 OR c = 3', { kind: 'or', terms: [{ kind: 'and', terms: [a, b] }, c] }],
    ['a = 1 AND (b = 2 OR c = 3)', { kind: 'and', terms: [a, { kind: 'or', terms: [b, c] }] }],
    ['NOT a = 1 AND b = 2', { kind: 'and', terms: [not(a), b] }],
    ['NOT (a = 1 OR b = 2)', not({ kind: 'or', terms: [a, b] })],
    ['NOT NOT a = 1', not(not(a))],
    ['a IN [1, "2 3",x]', condition('a', 'IN', '1', '2 3', 'x')],
    ['a IN []', condition('a', 'IN')],
    ['a NOT IN [1]', not(condition('a', 'IN', '1'))],
    ['a 1 TO 10', condition('a', 'TO', '1', '10')],
    ['a EXISTS', condition('a', 'EXISTS')],
    ['a NOT EXISTS', not(condition('a', 'EXISTS'))],
    ['a IS NULL', condition('a', 'IS NULL')],
    ['a IS NOT NULL', not(condition('a', 'IS NULL'))],
    ['a IS NOT EMPTY', not(condition('a', 'IS EMPTY'))],
    ['a STARTS WITH ham', condition('a', 'STARTS WITH', 'ham')],
    ['a NOT STARTS WITH ham', not(condition('a', 'STARTS WITH', 'ham'))],
  ];
  it.each(understood)('%s', (text, expected) => expect(parseFilter(text)).toEqual(expected));

  it('joins a list by AND and the lists in it by OR', () => {
    expect(parseFilter([['a = 1', 'b = 2'], 'c = 3'])).toEqual({
      kind: 'and',
      terms: [{ kind: 'or', terms: [a, b] }, c],
    });
    expect(parseFilter(['a = 1'])).toEqual(a);
  });

  it.each(['', '  ', [], [[]]])('finds nothing in %j', (filter) => expect(parseFilter(filter)).toBeUndefined());

  const refused: [string, string][] = [
    ['a ==', '4:4 a =='],
    ['a =', '4:4 a ='],
    ['a', 'Was expecting an operation'],
    ['a NOT b', 'Was expecting an operation'],
    ['a = 1 b = 2', 'unexpected characters at the end'],
    ['(a = 1', 'closing delimiter: `)`'],
    ['a = "open', 'closing delimiter: `"`'],
    ['a IN 1', 'Expected `['],
    ['a IN [1', 'matching `]`'],
    ['a IN [1,', 'inside `IN[..]`'],
    ['a IN [1 2]', 'matching `]`'],
    ['a = 1 AND', 'Was expecting a value'],
    ['a = ; DROP', 'unexpected characters: `; DROP`'],
    [`${'('.repeat(300)}a = 1${')'.repeat(300)}`, 'maximum depth'],
  ];
  it.each(refused)('refuses %s', (text, words) => {
    expect(() => parseFilter(text)).toThrow(FilterSyntaxError);
    expect(() => parseFilter(text)).toThrow(words);
  });
});
