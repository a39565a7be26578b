import { expect, test } from 'vitest';
import type { TocEntry } from './archive-head.ts';
import { readArchiveScript } from './archive-script.ts';
import { keyOfTable, tableKey, throughRoot } from './load-rows.ts';
import { TableOfContents } from './table-of-contents.ts';

const announce = (id: number, words: string): string => `--\n-- TOC entry ${id} (class 0 OID 0)\n-- ${words}\n--\n\n`;

async function* bytes(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

const entry = (dumpId: number, name: string, type: string): TocEntry => ({
  dumpId,
  type,
  schema: 'public',
  name,
  section: 'pre-data',
  definition: '',
  copy: '',
  dependencies: [],
});

test('a body of more than a portion is not cut at a semicolon, large objects are', async () => {
  const long = 'x'.repeat(600_000);
  const statement = (quoted: string): string => ` SELECT '${quoted}';\n`;
  const body = `CREATE FUNCTION f() RETURNS text BEGIN ATOMIC\n${statement(long)}${statement(long)} SELECT 'z';\nEND;\n`;
  const blobs = `SELECT pg_catalog.lowrite(0, '\\x${long}');\n`.repeat(3);
  const script = `SET x = on;\n${announce(1, 'Name: f(); Type: FUNCTION; Schema: public; Owner: o')}${body}
${announce(2, 'Name: BLOBS; Type: BLOBS; Schema: -; Owner: -')}${blobs}`;
  const parts = await Array.fromAsync(readArchiveScript(bytes(script)));
  const statements = parts.filter((part) => part.kind === 'statements');
  expect(statements.filter(({ entry: { dumpId } }) => dumpId === 1).map(({ sql }) => sql)).toEqual([body.trim()]);
  expect(statements.filter(({ entry: { dumpId } }) => dumpId === 2).length).toBeGreaterThan(1);
});

test('a role that is named like the announcement of an entry does not change what is announced', async () => {
  const line = 'Name: t; Type: TABLE; Schema: public; Owner: x; Type: TABLE DATA; Schema: other; Owner: y';
  const script = `SET x = on;\n${announce(7, line)}CREATE TABLE public.t (id int);\n`;
  const contents = TableOfContents.of([entry(7, 't', 'TABLE')]);
  const parts = await Array.fromAsync(readArchiveScript(bytes(script), contents));
  expect(parts.at(-1)).toMatchObject({ entry: { dumpId: 7, name: 't', type: 'TABLE', schema: 'public' } });
});

test('the change to a database of an odd name is followed', async () => {
  const change = `\\encoding SQL_ASCII\n\\connect -reuse-previous=on "dbname='my-app'"\n\nSET x = off;\n`;
  const database = announce(1, 'Name: my-app; Type: DATABASE; Schema: -; Owner: o');
  const parts = await Array.fromAsync(readArchiveScript(bytes(`${database}CREATE DATABASE "my-app";\n${change}`)));
  expect(parts.map(({ kind }) => kind)).toEqual(['statements', 'settings']);
});

test('rows that are loaded through the root of a partition are told from its own', () => {
  const partition = { dumpId: 1, type: 'TABLE DATA', schema: 'public', name: 'moods_0', dependencies: [] };
  expect(throughRoot(partition, 'COPY public.moods (mood, n) FROM stdin')).toBe(true);
  expect(throughRoot(partition, 'COPY public.moods_0 (mood, n) FROM stdin')).toBe(false);
  expect(throughRoot({ ...partition, name: 'Odd "table"' }, 'COPY public."Odd ""table""" (n) FROM stdin')).toBe(false);
});

test('a table has one key, however its name is quoted', () => {
  expect(tableKey('public."select"')).toBe(keyOfTable('public', 'select'));
  expect(tableKey('"a.b"."c ""d"""')).toBe(keyOfTable('a.b', 'c "d"'));
  expect(keyOfTable('a.b', 'c')).not.toBe(keyOfTable('a', 'b.c'));
});
