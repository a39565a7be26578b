import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DrillError } from '../domain/drill-error.ts';
import type { ColumnRule, TableShape } from '../domain/masking.ts';
import { formatCopyRow, parseCopyRow } from './copy-text.ts';
import { words } from './test-support.ts';
import { createRowTransform } from './transform.ts';

const keep: ColumnRule = { kind: 'keep' };
const redact = (as: 'text' | 'json' | 'array'): ColumnRule => ({ kind: 'redact', as });
const replace = (template: string): ColumnRule => ({ kind: 'replace', template });

const members: [string, string, ColumnRule][] = [
  ['name', 'text', replace('Test Customer {id}')],
  ['email', 'citext', replace('test-{id}@example.com')],
  ['id', 'bigint', keep],
  ['phone', 'character varying(30)', replace('+1000000{id}')],
  ['note', 'text', redact('text')],
  ['profile', 'jsonb', redact('json')],
  ['tags', 'text[]', redact('array')],
  ['secret', 'text', { kind: 'null' }],
  ['status', 'text', keep],
];

function transformOf(columns: readonly [string, string, ColumnRule][], onRows?: (rows: number) => void) {
  const shape: TableShape = {
    schema: 'club',
    table: 'members',
    columns: columns.map(([name, type]) => ({ name, type })),
  };
  return createRowTransform(
    shape,
    columns.map(([, , rule]) => rule),
    onRows,
  );
}

const rowsOf = (buffer: Buffer) =>
  buffer
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => parseCopyRow(Buffer.from(line)));

const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed() && !value.includes('\0'));
const row = fc.tuple(
  fc.option(text),
  fc.option(text),
  fc.bigInt({ min: 1n, max: 2n ** 62n }).map(String),
  fc.option(text),
  fc.option(text),
  fc.option(fc.json({ maxDepth: 2 })),
  fc.option(fc.constantFrom('{}', '{Ana,"Pop, Ana"}', '{NULL}')),
  fc.option(text),
  fc.option(text),
);

describe('createRowTransform', () => {
  it('applies the rule of each column and leaves NULL alone', () => {
    const transform = transformOf(members);
    const source = [
      [
        'Ana Pop',
        'ana@pop.ro',
        '7',
        '+40 721 555 123',
        'Ana called\ttwice',
        '{"to": "Ana"}',
        '{Ana,NULL}',
        'x',
        'open\n',
      ],
      [null, null, '8', null, null, null, null, null, null],
    ];
    expect(rowsOf(transform(Buffer.concat(source.map(formatCopyRow))))).toEqual([
      [
        'Test Customer 7',
        'test-7@example.com',
        '7',
        '+10000007',
        'masked masked',
        '{"to": "masked"}',
        '{masked,NULL}',
        null,
        'open\n',
      ],
      [null, null, '8', null, null, null, null, null, null],
    ]);
  });

  it('keeps rows and fields, passes kept ones byte by byte, and lets no word of a masked one through', () => {
    const transform = transformOf(members);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        const masked = rowsOf(transform(Buffer.concat(rows.map(formatCopyRow))));
        expect(masked.map((fields) => fields.length)).toEqual(rows.map(() => members.length));
        for (const [index, source] of rows.entries()) {
          const fields = masked[index]!;
          expect([fields[2], fields[8]]).toEqual([source[2], source[8]]);
          expect(fields[7]).toBeNull();
          for (const place of [0, 1, 3, 4, 6]) {
            expect(fields[place] === null).toBe(source[place] === null);
            const own = `Test Customer test-${source[2]}@example.com +1000000${source[2]} masked NULL`;
            for (const word of words(source[place] ?? '')) {
              if (!own.includes(word)) expect(fields[place]).not.toContain(word);
            }
          }
        }
      }),
    );
  });

  it('gives the same bytes however the rows are cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), fc.nat(), (rows, cut) => {
        const buffers = rows.map(formatCopyRow);
        const at = cut % (buffers.length + 1);
        const chunked = transformOf(members);
        const parts = [buffers.slice(0, at), buffers.slice(at)].map((part) => chunked(Buffer.concat(part)));
        expect(Buffer.concat(parts)).toEqual(transformOf(members)(Buffer.concat(buffers)));
      }),
    );
  });

  it('puts 0 into a template for a column that is NULL, and escapes its own text', () => {
    const transform = transformOf([
      ['owner', 'bigint', keep],
      ['email', 'text', replace('test-{owner}@example.com')],
      ['path', 'text', replace('C:\\{owner}\n{}')],
    ]);
    expect(rowsOf(transform(formatCopyRow([null, 'ana@pop.ro', 'x'])))).toEqual([
      [null, 'test-0@example.com', 'C:\\0\n{}'],
    ]);
  });

  it('counts rows, and neither keeps nor changes its input', () => {
    let counted = 0;
    const transform = transformOf(members, (rows) => {
      counted += rows;
    });
    const source = formatCopyRow(['Ana', null, '1', null, null, null, null, null, null]);
    const copy = Buffer.from(source);
    const masked = transform(source);
    expect(source).toEqual(copy);
    source.fill(0x41);
    expect(rowsOf(masked)[0]?.[0]).toBe('Test Customer 1');
    transform(Buffer.concat([copy, copy]));
    expect(counted).toBe(3);
    expect(transform(Buffer.alloc(0))).toHaveLength(0);
  });

  const two: [string, string, ColumnRule][] = [
    ['id', 'bigint', keep],
    ['profile', 'jsonb', redact('json')],
  ];
  it.each([
    ['too few fields', '1\n', 'row 2'],
    ['too many fields', '1\t2\t3\n', 'row 2'],
    ['an unfinished row', '1\t{}', 'row 2'],
    ['the end marker', '\\.\n', 'row 2'],
    ['a tab behind an unpaired backslash', 'a\\\t{}\n', 'row 2'],
    ['a line feed behind an unpaired backslash', '1\t{}\\\n', 'row 2'],
    ['a value of another type', '1\tAna\n', 'club.members.profile, row 2'],
    ['a damaged NULL', '1\t\\n\n', 'club.members.profile, row 2'],
  ])('refuses %s', (_name, bytes, where) => {
    const transform = transformOf(two);
    expect(() => transform(Buffer.from(`1\t{}\n${bytes}`))).toThrow(DrillError);
    expect(() => transformOf(two)(Buffer.from(`1\t{}\n${bytes}`))).toThrow(where);
  });

  it('never quotes the value that it refuses', () => {
    expect(() => transformOf(two)(Buffer.from('1\tAna-Popescu\n'))).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('Popescu') as string }),
    );
  });
});
