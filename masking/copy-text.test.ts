import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeCopyText, formatCopyRow, parseCopyRow, unescapeCopyText } from './copy-text.ts';

/** Text of any kind but NUL, which PostgreSQL does not store. */
const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && value.isWellFormed());

describe('COPY text format', () => {
  it('gives back every row that it wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.option(text), { minLength: 1 }), (fields) => {
        expect(parseCopyRow(formatCopyRow(fields))).toEqual(fields);
      }),
    );
  });

  it('writes no tab and no line feed but between fields and rows', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (fields) => {
        const row = formatCopyRow(fields).toString();
        expect(row.split('\t')).toHaveLength(fields.length);
        expect(row.indexOf('\n')).toBe(row.length - 1);
      }),
    );
  });

  it('escapes what the manual lists and tells NULL from the text that looks like it', () => {
    expect(escapeCopyText('a\tb\nc\rd\be\ff\vg\\h')).toBe(String.raw`a\tb\nc\rd\be\ff\vg\\h`);
    expect(formatCopyRow([null, String.raw`\N`, '']).toString()).toBe('\\N\t\\\\N\t\n');
  });

  it.each([String.raw`a\x41`, String.raw`a\q`, 'a\\'])('refuses %j, which COPY TO never writes', (field) => {
    expect(() => unescapeCopyText(field)).toThrow('expected one of the escapes that COPY TO writes');
  });
});
