import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeCopyWaysOut, judgeWaysOut } from '../../checks/ways-out.ts';
import type { RecoveryResult } from '../../domain/recovery.ts';
import type { PostgresServer } from '../../domain/service.ts';
import type { WaysOut } from '../../domain/ways-out.ts';
import { observeWaysOut } from '../../recovery/observe-ways-out.ts';
import { withPostgres } from '../../stack/clients.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { createBackupBench, sql, type BackupBench } from './backup-support.ts';
import { createDatabase, doorkeeper, script, type Doorkeeper } from './databases-support.ts';

const programs = await findPostgresPrograms();
const why = 'missing' in programs ? programs.missing : undefined;

/** A database that reaches another one in every way that PostgreSQL and its own extensions offer. */
const reachingOut = (port: number, password: string): string => String.raw`
  CREATE EXTENSION postgres_fdw;
  CREATE EXTENSION dblink;
  CREATE EXTENSION file_fdw;
  CREATE SERVER archive FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${port}', dbname 'archive');
  CREATE USER MAPPING FOR PUBLIC SERVER archive OPTIONS (user 'postgres', password '${password}');
  CREATE FOREIGN TABLE old_people (id int, mail text) SERVER archive OPTIONS (table_name 'people');
  CREATE TABLE years (n int) PARTITION BY LIST (n);
  CREATE TABLE this_year PARTITION OF years FOR VALUES IN (1);
  CREATE FOREIGN TABLE last_year PARTITION OF years FOR VALUES IN (2) SERVER archive OPTIONS (table_name 'years');
  CREATE TABLE local (id int, mail text);
  INSERT INTO local VALUES (1, 'local@example.org');
  CREATE FUNCTION call_home() RETURNS bigint LANGUAGE sql AS $$
    SELECT n FROM public.dblink('host=127.0.0.1 port=${port} dbname=archive user=postgres password=${password}',
      'SELECT count(*) FROM people') AS t (n bigint) $$;
  CREATE FUNCTION hidden() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE n bigint; BEGIN
    EXECUTE 'SELECT count(*) FROM public.old' || '_people' INTO n; RETURN n; END $$;
  CREATE FUNCTION stands_in_text() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN
    RETURN (SELECT count(*) FROM public.old_people); END $$;
  CREATE VIEW via AS SELECT mail FROM old_people;
  CREATE MATERIALIZED VIEW direct AS SELECT * FROM old_people;
  CREATE MATERIALIZED VIEW by_a_view AS SELECT mail FROM via;
  CREATE MATERIALIZED VIEW by_a_partition AS SELECT * FROM years;
  CREATE MATERIALIZED VIEW by_a_function AS SELECT stands_in_text() AS n;
  CREATE MATERIALIZED VIEW by_dblink AS SELECT call_home() AS n;
  CREATE MATERIALIZED VIEW by_hidden AS SELECT hidden() AS n;
  CREATE MATERIALIZED VIEW on_top AS SELECT * FROM by_hidden;
  CREATE MATERIALIZED VIEW stays_here AS SELECT mail FROM local;
  CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
  CREATE FOREIGN TABLE program (line text) SERVER files OPTIONS (program 'echo out');
  CREATE MATERIALIZED VIEW by_a_program AS SELECT * FROM program;
  CREATE FUNCTION runs_a_program() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    COPY local FROM PROGRAM 'echo 2,x'; END $$;
  CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM call_home(); RETURN NEW; END $$;
  CREATE TRIGGER tell AFTER INSERT ON local FOR EACH ROW EXECUTE FUNCTION tell();
  CREATE FUNCTION tell_of_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM call_home(); END $$;
  CREATE SUBSCRIPTION inbound CONNECTION 'host=127.0.0.1 port=${port} dbname=archive user=postgres password=${password}'
    PUBLICATION p WITH (connect = false, slot_name = 'inbound');
  COMMENT ON SUBSCRIPTION inbound IS 'from the archive';
  CREATE SCHEMA cron;
  CREATE TABLE cron.job (jobid bigint, schedule text, command text, active boolean);
  INSERT INTO cron.job VALUES (1, '* * * * *', 'SELECT call_home()', true), (2, '* * * * *', 'SELECT 1', false);
  ALTER DATABASE reaching SET app.settings.jwt_secret = 'top-secret';
  CREATE ROLE caller;
  ALTER ROLE caller SET app.hook = 'https://hooks.example.org/';
  CREATE EVENT TRIGGER tell_of_ddl ON ddl_command_end EXECUTE FUNCTION tell_of_ddl();`;

const leftEmpty = [
  'by_a_function',
  'by_a_partition',
  'by_a_program',
  'by_a_view',
  'by_dblink',
  'by_hidden',
  'direct',
  'on_top',
];

describe.skipIf(why !== undefined)(`ways out of a restored database${why ? ` (skipped: ${why})` : ''}`, () => {
  let bench: BackupBench;
  let door: Doorkeeper;
  let recovered: PostgresServer;
  let copy: PostgresServer;
  let restored: RecoveryResult;
  let copied: RecoveryResult;
  let before: WaysOut;
  const waysOf = async (server: PostgresServer): Promise<WaysOut> =>
    withPostgres(server.connection, async (client) => ({ ways: await observeWaysOut(client), notRefreshed: [] }));

  beforeAll(async () => {
    bench = await createBackupBench('reaching');
    const { source } = bench;
    door = await doorkeeper(source.connection.port);
    const archive = await createDatabase(source, 'archive');
    await sql(
      archive,
      `CREATE TABLE people AS SELECT i AS id, 'person-' || i || '@example.org' AS mail
      FROM generate_series(1, 50) AS i; CREATE TABLE years (n int); INSERT INTO years VALUES (2)`,
    );
    await script(source, reachingOut(door.port, source.connection.password));
    expect(door.taken(), 'the source fills its views from the archive').toBeGreaterThan(0);
    const point = await bench.backup();
    before = await waysOf(source);
    door.taken();
    recovered = await bench.server('recovered');
    restored = await bench.restore(point, recovered);
    copy = await bench.server('copy');
    copied = await bench.restore(point, copy, { plan: () => ({ load: 'all' }), roles: 'without-passwords' });
  });
  afterAll(async () => {
    await door?.[Symbol.asyncDispose]();
    await bench?.[Symbol.asyncDispose]();
  });

  it('nothing is connected to by a restore or by a masked copy', () => {
    expect(door.taken()).toBe(0);
  });

  it('views that would go out stay empty and are named, the others are filled', async () => {
    const names = leftEmpty.map((name) => `public.${name}`);
    expect(restored.notRefreshed).toEqual(names);
    expect(copied.notRefreshed).toEqual(names);
    for (const server of [recovered, copy]) {
      const populated = await sql(server, 'SELECT matviewname AS name FROM pg_matviews WHERE ispopulated');
      expect(populated).toEqual([{ name: 'stays_here' }]);
      expect(await sql(server, 'SELECT * FROM stays_here')).toEqual([{ mail: 'local@example.org' }]);
    }
  });

  it('the recovered server has every way out, listed, and none that goes out by itself', async () => {
    const found = await waysOf(recovered);
    expect(found.ways).toEqual(before.ways);
    expect(new Set(found.ways.map(({ kind }) => kind)).size).toBe(8);
    expect(JSON.stringify(found)).not.toContain(bench.source.connection.password);
    expect(judgeWaysOut(found)).toMatchObject({ check: 'restore.ways-out', verdict: 'pass' });
    expect(judgeCopyWaysOut(found)).toMatchObject({ check: 'masking.ways-out', verdict: 'fail' });
  });

  it('the copy has none that is open, whatever in it is used', async () => {
    const found = await waysOf(copy);
    expect(judgeCopyWaysOut(found)).toMatchObject({ check: 'masking.ways-out', verdict: 'pass' });
    expect(found.ways.filter(({ kind }) => kind === 'user-mapping' || kind === 'subscription')).toEqual([]);
    expect(found.ways.filter(({ kind }) => kind === 'job').length).toBe(2);
    for (const use of [
      'SELECT * FROM old_people',
      'SELECT call_home()',
      'SELECT hidden()',
      'SELECT runs_a_program()',
      'SELECT * FROM program',
    ]) {
      await expect(sql(copy, use), use).rejects.toThrow();
    }
    await sql(copy, `INSERT INTO local VALUES (3, 'written'); CREATE TABLE ddl ()`);
    expect(door.taken()).toBe(0);
    const held = await sql<{ text: string }>(
      copy,
      `SELECT concat_ws(' ', (SELECT string_agg(srvoptions::text, ' ') FROM pg_foreign_server),
        (SELECT string_agg(setconfig::text, ' ') FROM pg_db_role_setting)) AS text`,
    );
    expect(held[0]?.text).not.toMatch(/top-secret|hooks\.example|127\.0\.0\.1/);
  });
});
