import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObservationFormat, TableContent } from '../../domain/recovery.ts';
import type { PostgresServer } from '../../domain/service.ts';
import { observeDatabase } from '../../recovery/observe-database.ts';
import { observeTables } from '../../recovery/observe-tables.ts';
import { withinSnapshot } from '../../recovery/within-snapshot.ts';
import { connectPostgres } from '../../stack/clients.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { startNativePostgres } from '../../stack/native/postgres.ts';
import { createRunContext, type RunContext } from '../../stack/run-context.ts';

const programs = await findPostgresPrograms();
const why = 'missing' in programs ? ` (skipped: ${programs.missing})` : '';

const types = `
  CREATE EXTENSION citext; CREATE EXTENSION hstore;
  CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  CREATE TYPE mood AS ENUM ('', 'well');
  CREATE TYPE pair AS (a text, b text);
  CREATE DOMAIN whole AS int8; CREATE DOMAIN wholes AS int8[]; CREATE DOMAIN moods AS mood; CREATE DOMAIN pairs AS pair;
  CREATE DOMAIN bytes AS bytea; CREATE DOMAIN yes AS bool; CREATE DOMAIN key AS uuid; CREATE DOMAIN words AS varchar(20);
  CREATE FUNCTION hidden(mood) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' $$;
  CREATE CAST (mood AS text) WITH FUNCTION hidden(mood) AS IMPLICIT;
  CREATE FUNCTION hidden(pair) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' $$;
  CREATE CAST (pair AS text) WITH FUNCTION hidden(pair) AS IMPLICIT;`;

/** Two values of a type that are near each other: equal by its own comparison, printed alike, or of the same server's hash. */
const near: readonly [type: string, one: string | null, other: string | null][] = [
  ['int8', '1', '4294967296'],
  ['int8', '-1', '4294967295'],
  ['int8', '0', null],
  ['int4', '0', null],
  ['int2', '-1', '1'],
  ['whole', '5', '21474836480'],
  ['wholes', '{}', null],
  ['wholes', '{1,2}', '{2,1}'],
  ['bool', 'f', null],
  ['yes', 'f', 't'],
  ['numeric', '1.0', '1.00'],
  ['numeric', 'NaN', null],
  ['float8', '0', '-0'],
  ['float4', '0', '-0'],
  ['text', '', null],
  ['text', 'a', 'a '],
  ['text COLLATE public.blind', 'a', 'A'],
  ['words', '', null],
  ['varchar(9)', 'é', 'É'],
  ['bpchar', 'a', 'a '],
  ['bpchar', '', null],
  ['char(3)', '', null],
  ['name', '', null],
  ['"char"', '', null],
  ['citext', 'a', 'A'],
  ['citext', '', null],
  ['mood', '', null],
  ['mood', '', 'well'],
  ['moods', '', null],
  ['moods', '', 'well'],
  ['pair', '(,)', null],
  ['pair', '(,)', '("",)'],
  ['pairs', '(a,b)', '("a,b",)'],
  ['pairs', '(,)', null],
  ['text[]', '{NULL}', '{"NULL"}'],
  ['text[]', '{a,b}', '{"a,b"}'],
  ['text[]', '{}', null],
  ['int4[]', '[0:1]={1,2}', '{1,2}'],
  ['bytea', '', null],
  ['bytea', '\\x00', '\\x0000'],
  ['bytes', '\\x00', '\\x01'],
  ['bytes', '', null],
  ['uuid', '00000000-0000-0000-0000-000000000000', null],
  ['key', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000001'],
  ['json', '{"a":1}', '{"a": 1}'],
  ['jsonb', '{"a":1.0}', '{"a":1.00}'],
  ['jsonb', 'null', null],
  ['jsonb', '[[],1]', '[[1]]'],
  ['interval', '1 day', '24 hours'],
  ['interval', '1 mon', '30 days'],
  ['timestamptz', '1970-01-01 00:00:00Z', null],
  ['timestamptz', '2000-01-01 00:00:00Z', '2000-01-01 00:00:00.000001Z'],
  ['timestamptz', 'infinity', '-infinity'],
  ['timestamp', '294276-12-31 23:59:59.999998', '294276-12-31 23:59:59.999999'],
  ['date', '2000-01-01', 'infinity'],
  ['timetz', '12:00+00', '13:00+01'],
  ['time', '00:00', '24:00'],
  ['inet', '10.0.0.1/32', '10.0.0.1/31'],
  ['cidr', '10.0.0.0/8', '10.0.0.0/9'],
  ['varbit', '', null],
  ['bit varying', '0', '00'],
  ['xml', '<a/>', '<a></a>'],
  ['hstore', '', null],
  ['hstore', 'a=>NULL', 'a=>"NULL"'],
  ['tsvector', '', null],
  ['point', '(0,0)', '(-0,0)'],
  ['int4range', 'empty', null],
  ['oid', '0', null],
];

/** What a hash of the rows is over, so that a new version that hashes otherwise is seen. */
const pinned = `
  CREATE TABLE t (a int8, b int4, c int2, d bool, e uuid, f text, g varchar(9), h bytea, i numeric, j timestamptz,
    k jsonb, l text[], m mood, n pair, o float8, p date, q citext, r inet);
  INSERT INTO t VALUES
    (1, 2, 3, true, '6a2f41a3-c54c-fce8-32d2-0324e1c32e22', 'Firedrill Țară', 'é', '\\x00ff', 1.50, '2024-05-01 10:00:00.5Z',
      '{"a": [1.0, null, "b"]}', '{a,NULL}', 'well', '(a,)', 0.1, '2024-02-29', 'Ab', '10.0.0.1/8'),
    (-9223372036854775808, -1, -1, false, '00000000-0000-0000-0000-000000000000', '', '', '', -0.00, 'infinity',
      'null', '{}', '', '(,)', '-0', '-infinity', '', '::1'),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);`;

describe.skipIf(why !== '')(`digests of rows, against PostgreSQL${why}`, () => {
  let run: RunContext;
  let server: PostgresServer;
  let client: Client;

  beforeAll(async () => {
    run = await createRunContext({ runId: `digest-${process.pid.toString(36)}`, engine: 'native' });
    server = await startNativePostgres(run, 'source', { database: 'digests' });
    client = await connectPostgres(server.connection);
    await client.query(types);
  });
  afterAll(async () => {
    await client?.end();
    await server?.[Symbol.asyncDispose]();
    await run?.[Symbol.asyncDispose]();
  });

  const digests = (format: ObservationFormat = 3): Promise<Record<string, TableContent>> =>
    withinSnapshot(client, () => observeTables(client, format));

  /** What is done to make the table `public.t` is taken back. */
  const digestAfter = async (statements: string, format: ObservationFormat = 3): Promise<TableContent> => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    try {
      await client.query(statements);
      return (await digests(format))['public.t']!;
    } finally {
      await client.query('ROLLBACK');
    }
  };

  it('tell values apart that are near each other', async () => {
    const tables = near.flatMap(([type, ...values], index) =>
      values.map(
        (value, side) => `CREATE TABLE near_${index}_${side} (v ${type});
        INSERT INTO near_${index}_${side} VALUES (${value === null ? 'NULL' : client.escapeLiteral(value)});`,
      ),
    );
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    try {
      await client.query(tables.join(''));
      for (const format of [2, 3] as const) {
        const seen = await digests(format);
        const alike = near.filter(
          (_, index) => seen[`public.near_${index}_0`]?.digest === seen[`public.near_${index}_1`]?.digest,
        );
        expect(alike, `format ${format}`).toEqual([]);
        expect(Object.keys(seen)).toHaveLength(2 * near.length);
      }
    } finally {
      await client.query('ROLLBACK');
    }
  });

  it.each([
    ['two values of a row', `UPDATE t SET a = b, b = a WHERE id = 1`],
    ['two texts of a row', `UPDATE t SET x = y, y = x WHERE id = 1`],
    ['a text and none', `UPDATE t SET x = z, z = x WHERE id = 1`],
    ['two values of a column', `UPDATE t SET x = (SELECT x FROM t AS o WHERE o.id = 3 - t.id) WHERE id IN (1, 2)`],
    ['the columns of two rows', `UPDATE t SET (a, b) = (SELECT a, b FROM t AS o WHERE o.id = 3 - t.id) WHERE id < 3`],
  ])('see that %s changed places', async (_what, change) => {
    const rows = `CREATE TABLE t (id int, a int, b int, x text, y text, z text);
      INSERT INTO t SELECT i, i, 7 * i, 'x' || i, 'y' || i FROM generate_series(1, 9) AS i;`;
    const before = await digestAfter(rows);
    const after = await digestAfter(`${rows} ${change}`);
    expect(after).toEqual({ rows: 9, digest: expect.not.stringMatching(before.digest) });
  });

  it('see a row that is there once more and another that is gone, and one that replaced its twin', async () => {
    const table = (values: string): Promise<TableContent> =>
      digestAfter(`CREATE TABLE t (v text); INSERT INTO t VALUES ${values}`);
    const seen = [
      await table(`('a'), ('a'), ('b'), ('b')`),
      await table(`('a'), ('a'), ('a'), ('a')`),
      await table(`('a'), ('a'), ('a'), ('b')`),
      await table(`('c'), ('c'), ('b'), ('b')`),
    ];
    expect(new Set(seen.map(({ digest }) => digest)).size).toBe(seen.length);
  });

  it('know neither an order of rows nor of columns', async () => {
    const one = await digestAfter(
      `CREATE TABLE t (a int, gone text, b text, c pair); ALTER TABLE t DROP gone; INSERT INTO t VALUES (1, 'x', '(a,)'), (2, NULL, NULL)`,
    );
    const other = await digestAfter(
      `CREATE TABLE t (c pair, b text, a int); INSERT INTO t VALUES (NULL, NULL, 2), ('(a,)', 'x', 1)`,
    );
    expect(other).toEqual(one);
  });

  it('are the same in every version', async () => {
    expect(await digestAfter(pinned)).toEqual({ rows: 3, digest: 'e9d10b8b306de8b0' });
    expect(await digestAfter(pinned, 2)).toEqual({ rows: 3, digest: '6a94e830e97f4555' });
  });

  it('are of tables without a column and with 1,600 of them, too', async () => {
    expect(await digestAfter('CREATE TABLE t (); INSERT INTO t DEFAULT VALUES')).toMatchObject({ rows: 1 });
    const columns = Array.from({ length: 1600 }, (_, index) => `c${index} bool`);
    const wide = `CREATE TABLE t (${columns.join(', ')}); INSERT INTO t (c1) VALUES (true)`;
    const before = await digestAfter(wide);
    expect(await digestAfter(`${wide}; UPDATE t SET c1599 = true`)).not.toEqual(before);
  });

  it('are read of the tables that are asked for alone, and their samples', async () => {
    await client.query(
      'BEGIN; CREATE TABLE one (id int PRIMARY KEY); CREATE TABLE two (id int); CREATE MATERIALIZED VIEW three AS SELECT 1 AS a',
    );
    await client.query('COMMIT');
    const all = await observeDatabase(client);
    const some = await observeDatabase(client, { only: new Set(['public.two', 'public.three']) });
    expect(Object.keys(all.tables)).toEqual(['public.one', 'public.two']);
    expect(some).toEqual({
      ...all,
      tables: { 'public.two': all.tables['public.two'] },
      samples: { 'public.two': all.samples?.['public.two'] },
    });
    expect((await observeDatabase(client, { only: new Set() })).materialisedViews).toEqual({});
  });
});
