import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../domain/clock.ts';
import type { TableShape } from '../domain/masking.ts';
import { formatCopyRow } from './copy-text.ts';
import { mergeScans, scanDocuments, scanRows, SourceDigests } from './scan.ts';

const shape: TableShape = {
  schema: 'club',
  table: 'members',
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'note', type: 'text' },
    { name: 'data', type: 'json' },
    { name: 'tags', type: 'text[]' },
    { name: 'file', type: 'bytea' },
  ],
};
const value = 'Țepeș "Vlad" O\'Hara\\7\nson';
const canaries = [
  { id: 1, value },
  { id: 2, value: '+40 799 000 001' },
];

async function* pieces(bytes: Buffer, size = 7): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const scan = (rows: (string | null)[][], more: Partial<Parameters<typeof scanRows>[2]> = {}) =>
  scanRows(shape, pieces(Buffer.concat(rows.map(formatCopyRow))), { canaries, clock: systemClock, ...more });
const row = (fields: { note?: string; data?: string; tags?: string; file?: string }): (string | null)[] => [
  '1',
  fields.note ?? null,
  fields.data ?? null,
  fields.tags ?? null,
  fields.file ?? null,
];
const arrayLiteral = (text: string) => `{"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"}`;
const asciiJson = (text: string, characters: RegExp) =>
  JSON.stringify({ text }).replaceAll(
    characters,
    (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  );
const hex = (text: string) => String.raw`\x` + Buffer.from(text).toString('hex');

describe('scanRows', () => {
  it.each<[string, string, (string | null)[]]>([
    ['plain text', 'note', row({ note: `before ${value} after` })],
    ['upper case', 'note', row({ note: value.toUpperCase() })],
    ['JSON', 'data', row({ data: JSON.stringify({ a: [value] }) })],
    ['JSON in ASCII', 'data', row({ data: asciiJson(value, /[^\0-\x7f]/g) })],
    ['JSON inside JSON', 'data', row({ data: JSON.stringify({ a: JSON.stringify({ b: value }) }) })],
    ['an array', 'tags', row({ tags: arrayLiteral(value) })],
    ['JSON in an array', 'tags', row({ tags: arrayLiteral(JSON.stringify({ a: value })) })],
    ['bytes', 'file', row({ file: hex(`%PDF ${value} …`) })],
    ['hex in text', 'note', row({ note: Buffer.from(value).toString('hex') })],
    ['base64', 'note', row({ note: Buffer.from(`a ${value} b`).toString('base64') })],
    ['base64, shifted', 'note', row({ note: Buffer.from(`ab ${value} b`).toString('base64url') })],
    ['a web address', 'note', row({ note: `/find?q=${encodeURIComponent(value)}` })],
  ])('finds a canary in %s', async (_name, column, fields) => {
    const { canariesFound, leaks } = await scan([row({}), fields]);
    expect(canariesFound).toEqual([1]);
    const found = leaks.filter(({ detector }) => detector === 'canary');
    expect(found).toEqual([expect.objectContaining({ place: `club.members.${column}`, canaryIds: [1] })]);
  });

  it('finds a phone number as bare digits', async () => {
    expect((await scan([row({ note: 'dial 40799000001' })])).canariesFound).toEqual([2]);
  });

  it('finds what an escape of JSON hides, and what bytes hide', async () => {
    const hidden = String.raw`{"to": "ana\u0040pop.ro", "tel": "\u002b40721555123"}`;
    const { leaks } = await scan([row({ data: hidden }), row({ file: hex('x ana@pop.ro y') })]);
    expect(leaks).toEqual([
      { detector: 'email', place: 'club.members.data', count: 1 },
      { detector: 'email', place: 'club.members.file', count: 1 },
      { detector: 'phone', place: 'club.members.data', count: 1 },
    ]);
  });

  it('looks into bytes as text where they are text', async () => {
    const random = createHash('sha512');
    const noise = Array.from({ length: 40_000 }, (_, index) => random.copy().update(String(index)).digest());
    const rows = noise.map((bytes) => row({ file: String.raw`\x` + bytes.toString('hex') }));
    expect((await scan(rows)).leaks).toEqual([]);
    const file =
      String.raw`\x` + Buffer.concat([noise[0]!, Buffer.from('(Contact: ana@pop.ro)'), noise[1]!]).toString('hex');
    expect((await scan([row({ file })])).leaks).toEqual([{ detector: 'email', place: 'club.members.file', count: 1 }]);
  });

  it('counts rows, columns and finds by place, and never gives a value away', async () => {
    const rows = [row({ note: 'ana@pop.ro or ana@pop.ro' }), row({ note: 'ion@pop.ro', data: '{"a":"+40721555123"}' })];
    const result = await scan(rows);
    expect(result).toMatchObject({ rowsScanned: 2, columnsScanned: 5, canariesFound: [] });
    expect(result.leaks).toEqual([
      { detector: 'email', place: 'club.members.note', count: 3 },
      { detector: 'phone', place: 'club.members.data', count: 1 },
    ]);
    expect(JSON.stringify(result)).not.toMatch(/ana@|ion@|pop|0721/);
  });

  it('is silent on business data and on the values of the masked system', async () => {
    const rows = [
      row({
        note: 'Test Customer 7, test-7@example.com, +10000007',
        data: '{"at": "2024-01-01T10:00:00.123456+00:00"}',
      }),
      row({
        note: 'order 4005550123456789, sha 9f86d081884c7d659a2feaa0c55ad015',
        tags: '{7c1f2b9e-6d1c-4b55-9a55-0a4c8a1d1f00}',
      }),
      row({ note: '1,234,567.89 EUR at 12:30 on 01.02.2024', file: hex('\0\u0001') }),
    ];
    expect((await scan(rows)).leaks).toEqual([]);
  });

  it('tells the values of the source in the masked rows', async () => {
    const source = new SourceDigests();
    await scan([row({ note: 'ana@pop.ro' }), row({ tags: '{+40721555123}' })], { collect: source });
    const { leaks } = await scan(
      [row({ note: 'test-1@example.com call 0721 555 123' }), row({ data: '{"x":"ANA@pop.ro"}' })],
      {
        sourceDigests: source,
      },
    );
    expect(leaks).toEqual([
      { detector: 'email', place: 'club.members.data', count: 1 },
      { detector: 'source-value', place: 'club.members.data', count: 1 },
      { detector: 'source-value', place: 'club.members.note', count: 1 },
    ]);
  });

  it('looks into bytes inside of an array, and at what the references of xml stand for', async () => {
    const wide: TableShape = {
      schema: 'club',
      table: 'files',
      columns: [
        { name: 'files', type: 'bytea[]' },
        { name: 'doc', type: 'xml' },
      ],
    };
    // As PostgreSQL prints the array before COPY doubles its backslashes.
    const files = String.raw`{"\\x${Buffer.from('ana@pop.ro').toString('hex')}"}`;
    const rows = pieces(formatCopyRow([files, '<a>ion&#64;pop.ro</a>']));
    const { leaks } = await scanRows(wide, rows, { canaries, clock: systemClock });
    expect(leaks.map(({ place }) => place)).toEqual(['club.files.doc', 'club.files.files']);
  });

  it('looks at a last row that is cut off, and at fields that are too many', async () => {
    async function* cut() {
      yield Buffer.from('1\tx\t{}\t{}\t\\N\tana@pop.ro\n1\tana@pop.ro');
    }
    const { leaks } = await scanRows(shape, cut(), { canaries, clock: systemClock });
    expect(leaks.map(({ place }) => place)).toEqual(['club.members.file', 'club.members.note']);
  });

  it('refuses a canary that is too short to be told from chance', async () => {
    await expect(scan([], { canaries: [{ id: 3, value: 'Ana' }] })).rejects.toThrow('canary 3 is no use');
  });

  it('stops when it is told to', async () => {
    await expect(scan([row({})], { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});

describe('scanDocuments', () => {
  it('counts every index by itself, under its name', async () => {
    async function* documents() {
      yield { index: 'things', line: JSON.stringify({ id: 1, text: `by ${value}` }) };
      yield { index: 'people', line: '{"mail":\t"ana@pop.ro"}' };
      yield { index: 'things', line: '{}' };
    }
    const result = await scanDocuments(documents(), { canaries, clock: systemClock });
    expect(result).toMatchObject({ rowsScanned: 3, columnsScanned: 2, canariesFound: [1] });
    expect(result.read).toEqual({ 'index:people': { rows: 1, columns: 1 }, 'index:things': { rows: 2, columns: 1 } });
    expect(result.leaks.map(({ detector, place }) => `${detector} ${place}`)).toEqual([
      'canary index:things',
      'email index:people',
    ]);
  });
});

it('mergeScans adds up', () => {
  const one = { rowsScanned: 1, columnsScanned: 2, canariesFound: [2], leaks: [], durationMs: 3 };
  const leak = { detector: 'email', place: 'a.b.c', count: 1 };
  const read = (name: string) => ({ read: { [name]: { rows: 1, columns: 2 } } });
  expect(
    mergeScans([
      { ...one, ...read('a') },
      { ...one, ...read('b'), canariesFound: [1, 2], leaks: [leak] },
    ]),
  ).toEqual({
    rowsScanned: 2,
    columnsScanned: 4,
    read: { a: { rows: 1, columns: 2 }, b: { rows: 1, columns: 2 } },
    canariesFound: [1, 2],
    leaks: [leak],
    durationMs: 6,
  });
});
