import { describe, expect, test } from 'vitest';
import { digestDefinitions, digestGlobals } from './dump-statements.ts';
import { splitNames } from './every-role-settings.ts';

function entry(name: string, type: string, sql: string, schema = 'shop'): string {
  return `--\n-- TOC entry 1 (class 1 OID 1)\n-- Name: ${name}; Type: ${type}; Schema: ${schema}; Owner: o\n--\n\n${sql}\n\n`;
}

async function digests(...parts: string[]): Promise<Record<string, string>> {
  const script = `\\restrict nonce\n\nSET client_encoding = 'UTF8';\n\n${parts.join('')}`;
  return (await read(script)).definitions;
}

async function read(script: string): ReturnType<typeof digestDefinitions> {
  return digestDefinitions(
    (async function* chunks() {
      yield Buffer.from(script);
    })(),
  );
}

describe('statements of pg_dump', () => {
  const table = (columns: string): string =>
    entry('t', 'TABLE', `CREATE TABLE shop.t (\n${columns}\n)\nWITH (fillfactor='70');`);

  test('are told by the object', async () => {
    const found = await digests(table('    a integer'), entry('t p', 'POLICY', 'CREATE POLICY p ON shop.t;'));
    expect(Object.keys(found)).toEqual(['POLICY shop.t p', 'TABLE shop.t']);
  });

  test('name every table that holds rows, with the root of its partitions', async () => {
    const { tables } = await read(
      [
        entry('t', 'TABLE', 'CREATE UNLOGGED TABLE shop.t (\n    a integer\n);'),
        entry('root', 'TABLE', 'CREATE TABLE shop.root (\n    a integer\n)\nPARTITION BY LIST (a);'),
        entry('mid', 'TABLE', 'CREATE TABLE shop.mid (\n    a integer\n)\nPARTITION BY LIST (a);'),
        entry('Odd. "leaf', 'TABLE', 'CREATE TABLE shop."Odd. ""leaf" (\n    a integer\n);'),
        entry('mid', 'TABLE ATTACH', 'ALTER TABLE ONLY shop.root ATTACH PARTITION shop.mid FOR VALUES IN (1);'),
        entry('Odd. "leaf', 'TABLE ATTACH', 'ALTER TABLE ONLY shop.mid ATTACH PARTITION shop."Odd. ""leaf" DEFAULT;'),
        entry('f', 'FOREIGN TABLE', 'CREATE FOREIGN TABLE shop.f (\n    a integer\n)\nSERVER s;'),
        entry('v', 'VIEW', 'CREATE VIEW shop.v AS\n SELECT 1;'),
      ].join(''),
    );
    expect(tables).toEqual({ 'shop."Odd. ""leaf"': 'shop.root', 'shop.t': 'shop.t' });
  });

  test('are the same in another order of columns, of grants and of objects', async () => {
    const grants = (...names: string[]): string =>
      entry('TABLE t', 'ACL', names.map((name) => `GRANT SELECT ON TABLE shop.t TO ${name};`).join('\n'));
    const one = await digests(
      table(`    a integer DEFAULT 1,\n    b text DEFAULT ',
x',\n    CONSTRAINT c CHECK ((a > 0))`),
      grants('x', 'y'),
    );
    const other = await digests(
      grants('y', 'x'),
      table(`    b text DEFAULT ',
x',\n    a integer DEFAULT 1,\n    CONSTRAINT c CHECK ((a > 0))`),
    );
    expect(other).toEqual(one);
  });

  test.for([
    ['a column more', '    a integer,\n    b text'],
    ['another default', '    a integer DEFAULT 2'],
    ['another place of a line feed in a text', `    a text DEFAULT 'x\n'`],
  ])('differ by %s', async ([, columns = '']) => {
    expect(await digests(table(columns))).not.toEqual(await digests(table('    a integer')));
  });

  test('differ by the order of an enumeration, and by a line feed in a body', async () => {
    const type = (labels: string): string => entry('m', 'TYPE', `CREATE TYPE shop.m AS ENUM (\n${labels}\n);`);
    expect(await digests(type(`    'a',\n    'b'`))).not.toEqual(await digests(type(`    'b',\n    'a'`)));
    const body = (text: string): string => entry('f()', 'FUNCTION', `CREATE FUNCTION shop.f() AS $$${text}$$;`);
    expect(await digests(body('-- x\nguard'))).not.toEqual(await digests(body('-- x guard')));
  });

  test('differ by the tablespace and the method that a setting in front of them says', async () => {
    const plain = await digests(`SET default_tablespace = '';\n\n`, table('    a integer'));
    expect(await digests(table('    a integer'))).toEqual(plain);
    expect(await digests(`SET default_tablespace = fast;\n\n`, table('    a integer'))).not.toEqual(plain);
    expect(await digests(`SET default_table_access_method = other;\n\n`, table('    a integer'))).not.toEqual(plain);
  });
});

describe('statements of pg_dumpall', () => {
  test('are told by role, setting, membership, parameter and tablespace, and hold no password', () => {
    const found = digestGlobals(`\\restrict nonce
SET client_encoding = 'UTF8';
CREATE ROLE "Odd Role";
ALTER ROLE "Odd Role" WITH LOGIN PASSWORD 'SCRAM-SHA-256$4096:x';
COMMENT ON ROLE keeper IS 'x;
y';
ALTER ROLE keeper SET search_path TO 'shop', '$user';
ALTER ROLE ALL SET "work_mem" TO '1MB';
GRANT "Odd Role" TO keeper GRANTED BY postgres;
GRANT SET ON PARAMETER log_min_messages TO keeper;
CREATE TABLESPACE fast OWNER keeper LOCATION '/x';
GRANT ALL ON TABLESPACE fast TO keeper;
`);
    expect(Object.keys(found)).toEqual([
      'COMMENT ON ROLE keeper',
      'MEMBERSHIP OF keeper IN "Odd Role"',
      'PARAMETER log_min_messages',
      'ROLE "Odd Role"',
      'ROLE ALL SET "work_mem"',
      'ROLE keeper SET search_path',
      'TABLESPACE fast',
    ]);
    expect(JSON.stringify(found)).not.toContain('SCRAM');
  });

  test('a password that was changed is another digest', () => {
    const role = (password: string): string => `CREATE ROLE r;\nALTER ROLE r WITH LOGIN${password};\n`;
    const kinds = ['', ` PASSWORD 'a'`, ` PASSWORD 'b'`].map((password) => digestGlobals(role(password))['ROLE r']);
    expect(new Set(kinds).size).toBe(3);
  });
});

test.for([
  ['"$user", public', ['$user', 'public']],
  ['a', ['a']],
  ['"with ""quote"", and comma",b', ['with "quote", and comma', 'b']],
  ['""', ['']],
  ['', ['']],
] as const)('the list %s has the names %j', ([list, names]) => {
  expect(splitNames(list)).toEqual(names);
});
