import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnType } from './column-type.ts';
import { elementPlaceholder, redactArray } from './redact-array.ts';
import { redacted, words } from './test-support.ts';

const redact = (value: string, elementType = 'text') => {
  const placeholder = elementPlaceholder(columnType(elementType));
  return redacted(value, (source, start, end, out) => redactArray(source, start, end, out, placeholder));
};

/** An array literal with every element quoted, as PostgreSQL accepts it. */
const literal = (elements: readonly (string | null)[]): string =>
  `{${elements.map((element) => (element === null ? 'NULL' : `"${element.replaceAll(/["\\]/g, String.raw`\$&`)}"`)).join(',')}}`;
const element = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed() && !value.includes('\0'));

describe('redactArray', () => {
  it.each([
    ['{}', '{}'],
    ['{ana,NULL,"Pop, Ana","","null"}', '{masked,NULL,masked,"",masked}'],
    ['{{a,b},{"say \\"hi\\"","\\\\"}}', '{{masked,masked},{masked,masked}}'],
    ['[0:1]={a,b}', '[0:1]={masked,masked}'],
    ['{"line\none"}', '{masked}'],
  ])('%j becomes %j', (value, expected) => {
    expect(redact(value)).toBe(expected);
  });

  it('knows numbers, booleans and short elements', () => {
    expect(redact('{1,-2.5,NULL}', 'numeric(10,2)')).toBe('{0,0,NULL}');
    expect(redact('{t,f}', 'boolean')).toBe('{t,f}');
    expect(redact('{abc}', 'character varying(3)')).toBe('{mas}');
  });

  it('keeps the number of elements and the NULLs, and holds none of the words', () => {
    fc.assert(
      fc.property(fc.array(fc.option(element)), (elements) => {
        const masked = redact(literal(elements));
        const expected = elements.map((value) => (value === null ? 'NULL' : value === '' ? '""' : 'masked'));
        expect(masked).toBe(`{${expected.join(',')}}`);
        for (const word of elements.flatMap((value) => words(value ?? ''))) {
          if (!'masked NULL'.includes(word)) expect(masked).not.toContain(word);
        }
      }),
    );
  });

  it.each(['', 'ana', '{ana', '{ana}}', '{a,}', '{,a}', '{a b}', '{"a}', '{a}x', '[x]={a}', '{"a"b}', '{{a}{b}}'])(
    'refuses %j',
    (value) => {
      expect(() => redact(value)).toThrow('a value cannot be masked as array');
    },
  );
});
