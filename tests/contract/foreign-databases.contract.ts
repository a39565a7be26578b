import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../domain/clock.ts';
import { largeObjects } from '../../domain/masking.ts';
import type { RestorePoint } from '../../domain/recovery.ts';
import type { PostgresServer } from '../../domain/service.ts';
import { measureDatabase } from '../../harness/steps/leaks.ts';
import { observeServer } from '../../recovery/observe-server.ts';
import { observeTables } from '../../recovery/observe-tables.ts';
import { releasingLocks } from '../../recovery/releasing-locks.ts';
import { withPostgres } from '../../stack/clients.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { contentOf, createBackupBench, differences, sql, type BackupBench } from './backup-support.ts';
import { createDatabase, inDatabase, plainDump, script } from './databases-support.ts';

const programs = await findPostgresPrograms();
const why = 'missing' in programs ? programs.missing : undefined;

/** A role whose name reads like the line that announces an entry of an archive. */
const oddRole = '"x; Type: TABLE DATA; Schema: public; Owner: y"';
const oddTable = '"t; Type: INDEX; Schema: public; Owner: ""z"';

const inOrder = 'SELECT * FROM public.moods ORDER BY mood, n';

/** Of a text that is too long to be shown. */
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What stopped a restore where pg_restore goes on. */
const stumblingBlocks = (database: string): string => String.raw`
  CREATE ROLE ${oddRole};
  CREATE ROLE keeper LOGIN;
  CREATE EXTENSION pgcrypto;
  CREATE TABLE noise AS SELECT i, gen_random_bytes(1024) AS bytes FROM generate_series(1, 2000) AS i;
  SELECT lo_from_bytea(4711, '\x00ff5c2e0a');
  CREATE TABLE ${oddTable} (id int PRIMARY KEY, "line
feed" text);
  ALTER TABLE ${oddTable} OWNER TO ${oddRole};
  INSERT INTO ${oddTable} VALUES (1, E'\\.'), (2, E'\n');
  CREATE TABLE "percent % ' dot . Ţ" (id int);
  INSERT INTO "percent % ' dot . Ţ" VALUES (1);
  CREATE TYPE mood AS ENUM ('good', 'fair', 'bad');
  CREATE TABLE moods (mood mood, n int, PRIMARY KEY (mood, n)) PARTITION BY HASH (mood);
  CREATE TABLE moods_0 PARTITION OF moods FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE moods_1 PARTITION OF moods FOR VALUES WITH (MODULUS 2, REMAINDER 1);
  INSERT INTO moods SELECT m, i FROM unnest(enum_range(NULL::mood)) AS m, generate_series(1, 100) AS i;
  CREATE TABLE nothing ();
  SELECT format('CREATE FUNCTION long_body() RETURNS text BEGIN ATOMIC SELECT %L::text AS a; SELECT %L::text AS b; END', repeat('x', 700000),
    repeat('y', 700000)) \gexec
  CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM moods;
  ALTER DATABASE "${database}" SET statement_timeout = '1ms';
  ALTER DATABASE "${database}" SET idle_in_transaction_session_timeout = '1ms';
  ALTER DATABASE "${database}" SET lock_timeout = '1ms';
  ALTER DATABASE "${database}" SET default_transaction_read_only = on;
  ALTER DATABASE "${database}" SET default_transaction_isolation = serializable;
  ALTER DATABASE "${database}" SET quote_all_identifiers = on;
  ALTER DATABASE "${database}" SET search_path = nowhere;
  ALTER DATABASE "${database}" SET datestyle = 'SQL, DMY';
  ALTER DATABASE "${database}" SET bytea_output = escape;
  ALTER DATABASE "${database}" SET standard_conforming_strings = off;
  ALTER DATABASE "${database}" SET timezone = 'Asia/Kolkata';
  ALTER DATABASE "${database}" SET role = keeper;`;

describe.skipIf(why !== undefined)(`databases of others${why ? ` (skipped: ${why})` : ''}`, () => {
  let bench: BackupBench;
  let target: PostgresServer;
  beforeAll(async () => {
    bench = await createBackupBench('my-app');
    target = await bench.server('target');
  });
  afterAll(async () => bench?.[Symbol.asyncDispose]());

  describe('with all that a restore may stumble over', () => {
    let point: RestorePoint;
    it('is backed up, whatever its sessions are told by ALTER DATABASE', async () => {
      await script(bench.source, stumblingBlocks('my-app'));
      point = await bench.backup();
      expect((await bench.verify(point)).findings).toMatchObject([{ verdict: 'pass' }]);
    });

    it('is restored as pg_dump sees it, large object, partitions by an enum and long bodies too', async () => {
      await bench.restore(point, target);
      // Where a row lies among partitions by an enum is another thing on every server.
      const alike = ['--exclude-table-data=public.moods*'];
      expect(sha(await plainDump(target, alike))).toBe(sha(await plainDump(bench.source, alike)));
      expect(await sql(target, inOrder)).toEqual(await sql(bench.source, inOrder));
      expect(
        differences(point.manifest.content, await observeServer(target, { expected: point.manifest.content })),
      ).toEqual([]);
    });
  });

  it('is restored without a single table', async () => {
    const empty = await createDatabase(bench.source, 'no "table"; here');
    const point = await bench.backup({ source: empty });
    const restored = await createDatabase(target, 'no "table"; here');
    await bench.restore(point, restored);
    expect(await plainDump(restored)).toBe(await plainDump(empty));
  });

  it('is looked at without a lock on every table: each is let go when it was read', async () => {
    const held = async (client: Client): Promise<unknown> => {
      const locks = await client.query(
        'SELECT count(*)::int AS held FROM pg_locks WHERE pid = pg_backend_pid() AND relation >= 16384',
      );
      return locks.rows[0];
    };
    await withPostgres(bench.source.connection, async (client) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await observeTables(releasingLocks(client), 3);
      expect(await held(client)).toEqual({ held: 0 });
      await observeTables(client, 3);
      expect(await held(client)).not.toEqual({ held: 0 });
      await client.query('ROLLBACK');
    });
  });

  it('has a large object of more than a value can hold', async () => {
    const large = await createDatabase(bench.source, 'large');
    await sql(large, `SELECT lo_create(5); SELECT lo_truncate64(lo_open(5, 131072), 1200000000)`);
    expect((await contentOf(large)).tables[largeObjects]?.rows).toBe(1);
  });

  it('holds bytes of any kind', async () => {
    const odd = await createDatabase(bench.source, 'bytes', `ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`);
    await sql(odd, String.raw`CREATE TABLE names (name text); INSERT INTO names VALUES (E'Andr\xe9'), (E'Zo\xeb')`);
    const point = await bench.backup({ source: odd });
    expect((await bench.verify(point)).findings).toMatchObject([{ verdict: 'pass' }]);
    const restored = await createDatabase(target, 'bytes');
    await bench.restore(point, restored);
    const bytes = `SELECT encode(name::bytea, 'hex') AS name FROM names ORDER BY name`;
    expect(await sql(restored, bytes)).toEqual([{ name: '416e6472e9' }, { name: '5a6feb' }]);
    const canaries = [{ id: 1, value: 'Zoraide', kind: 'column' as const, place: 'public.names.name' }];
    await sql(restored, String.raw`INSERT INTO names VALUES (E'\xe9 Zoraide'), (E'\xe9 jane@example.org')`);
    const { result } = await measureDatabase(restored.connection, { canaries, clock: systemClock });
    expect(result).toMatchObject({ canariesFound: [1] });
    expect(result.leaks.map(({ detector }) => detector)).toContain('email');
  });

  it('has a table of as many columns as there can be', async () => {
    const wide = await createDatabase(bench.source, 'wide');
    const columns = Array.from({ length: 1600 }, (_, at) => `c${at} int`).join(', ');
    await sql(wide, `CREATE TABLE wide (${columns}); INSERT INTO wide (c0, c1599) VALUES (1, 2), (3, 4)`);
    const point = await bench.backup({ source: wide });
    const restored = await createDatabase(target, 'wide');
    await bench.restore(point, restored);
    expect((await contentOf(restored)).tables).toEqual(point.manifest.content.tables);
  });

  it('has a failure of its own told as its own, and one of the store as the store’s', async () => {
    const broken = await createDatabase(bench.source, 'broken');
    await sql(broken, `CREATE TABLE t (id int); UPDATE pg_catalog.pg_class SET relam = 403 WHERE relname = 't'`);
    const failure = await bench.backup({ source: broken }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ facts: { service: 'postgres' } });
    expect(String(failure)).not.toContain('store');
    const gone = { ...inDatabase(bench.source, 'nowhere'), tool: bench.source.tool.bind(bench.source) };
    await expect(bench.backup({ source: gone })).rejects.toThrow(/the database could not be backed up.*nowhere/s);
    const store = { ...bench.access, port: await bench.run.freePort() };
    await expect(bench.backup({ store })).rejects.toMatchObject({ facts: { service: 'backups' } });
  });
});
