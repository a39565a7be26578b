import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from './byte-writer.ts';
import { redactText } from './redact-text.ts';
import { redacted, words } from './test-support.ts';

const redact = (value: string, limit?: number) =>
  redacted(value, (source, start, end, out) => redactText(source, start, end, out, limit));
const text = fc
  .string({ unit: 'binary', maxLength: 200 })
  .filter((value) => !value.includes('\0') && value.isWellFormed());

describe('redactText', () => {
  it.each([
    ['Call Ana at home', 'masked masked'],
    ['Ana', 'masked'],
    ['Ștefan', 'masked'],
    ['', ''],
    ['Dear Ana,\r\n\r\nyour painting is ready.\n', 'masked\r\n\r\nmasked masked masked\n'],
    ['   \n x', '\nmasked'],
    ['a\tb\\c', 'masked'],
  ])('%j becomes %j', (value, expected) => {
    expect(redact(value)).toBe(expected);
  });

  it('keeps to the limit of the column', () => {
    expect(redact('Ana', 3)).toBe('mas');
    expect(redact('A\nB\nC', 8)).toBe('masked\nm');
    expect(redact('a\nb', 6)).toBe('masked');
  });

  it('fills a long text with whole words', () => {
    const long = redact('x'.repeat(50_000));
    expect(long.length).toBeGreaterThan(49_990);
    expect(long).toMatch(/^masked( masked)*$/);
  });

  it('holds no word of its source, and as many lines', () => {
    fc.assert(
      fc.property(text, (value) => {
        const masked = redact(value);
        expect(masked).toMatch(/^((masked)?( masked)*[\r\n]?)*$/);
        for (const word of words(value)) if (!'masked'.includes(word)) expect(masked).not.toContain(word);
        expect(masked.match(/[\r\n]/g) ?? []).toEqual(value.match(/[\r\n]/g) ?? []);
      }),
    );
  });

  it('never grows past a limit that its source kept', () => {
    fc.assert(
      fc.property(text, fc.nat(20), (value, more) => {
        const limit = Array.from(value).length + more;
        expect(Array.from(redact(value, limit)).length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it.each(['a\\', String.raw`a\x`])('refuses the field %j', (field) => {
    const source = Buffer.from(`${field}\tn`);
    expect(() => redactText(source, 0, field.length, new ByteWriter(0))).toThrow('an escape of COPY text');
  });
});
