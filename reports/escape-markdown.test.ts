import { describe, expect, it } from 'vitest';
import { markdownCode, markdownText } from './escape-markdown.ts';

describe('markdownText', () => {
  it.each([
    ['plain text, with 1,200 ms: and "quotes"', 'plain text, with 1,200 ms: and "quotes"'],
    ['a | b', String.raw`a \| b`],
    ['<script>alert(1)</script>', '&lt;script>alert(1)&lt;/script>'],
    ['*bold* and ~gone~', String.raw`\*bold\* and \~gone\~`],
    ['[here](http://x.test)', String.raw`\[here\](http://x.test)`],
    ['pg_dump _em_', String.raw`pg_dump \_em\_`],
    ['run `a|b` or ` alone', 'run `a|b` or \\` alone'],
    ['&lt; and a & b', '&amp;lt; and a & b'],
    ['# heading', String.raw`\# heading`],
    ['- item', String.raw`\- item`],
    ['12. item', String.raw`12\. item`],
    ['two\nlines', 'two lines'],
    ['colour\u001B[31m and \u202Eturned', String.raw`colour\[31m and turned`],
  ])('keeps %j text', (text, escaped) => {
    expect(markdownText(text)).toBe(escaped);
  });
});

describe('markdownCode', () => {
  it('holds backticks, borders of cells and line breaks', () => {
    expect(markdownCode('a_b')).toBe('`a_b`');
    expect(markdownCode('a`b')).toBe('`` a`b ``');
    expect(markdownCode('a|b\nc')).toBe('`a|b c`');
    expect(markdownCode('a|b', true)).toBe('`a\\|b`');
    expect(markdownText('see `a|b`', true)).toBe('see `a\\|b`');
  });
});
