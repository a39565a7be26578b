import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeStatements } from '../../checks/integrity-statements.ts';
import { judgeIntegrity } from '../../checks/integrity.ts';
import type { DatabaseContent, RestorePoint } from '../../domain/recovery.ts';
import type { PostgresServer } from '../../domain/service.ts';
import { findStruck, objectDamages, type ObjectDamage } from '../../faults/object-damage.ts';
import { observeDatabase } from '../../recovery/observe-database.ts';
import { observeServer } from '../../recovery/observe-server.ts';
import { observeStatements } from '../../recovery/observe-statements.ts';
import { connectPostgres, withPostgres } from '../../stack/clients.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { createBackupBench, differences, sql, type BackupBench } from './backup-support.ts';

const programs = await findPostgresPrograms();
const why = 'missing' in programs ? ` (skipped: ${programs.missing})` : '';

async function script(name: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '..', 'databases', `${name}.sql`), 'utf8');
  return text.replaceAll('CURRENT_DATABASE_NAME', 'every');
}

/** Makes the bench's database anew. */
async function withLocale({ source }: BackupBench, options: string): Promise<void> {
  await withPostgres({ ...source.connection, database: 'template1' }, async (client) => {
    await client.query('DROP DATABASE every WITH (FORCE)');
    await client.query(`CREATE DATABASE every TEMPLATE template0 ${options}`);
  });
}

describe.skipIf(why !== '')(`what is observed of a database, against PostgreSQL${why}`, () => {
  let bench: BackupBench;
  let target: PostgresServer;
  let point: RestorePoint;
  let client: Client;

  beforeAll(async () => {
    bench = await createBackupBench('every');
    await withLocale(bench, `ENCODING 'UTF8' LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`);
    await sql(bench.source, await script('every-object'));
    await sql(bench.source, await script('prints-that-change'));
    // Rows of hash partitions by an enumeration have a test of their own.
    await sql(bench.source, 'DROP TABLE shop.by_mood');
    // By ICU's order 'Bob' is between the two, by the order of bytes it is not.
    await sql(
      bench.source,
      `CREATE TABLE shop.names (name text) PARTITION BY RANGE (name);
       CREATE TABLE shop.names_a PARTITION OF shop.names FOR VALUES FROM ('a') TO ('n');
       INSERT INTO shop.names VALUES ('Bob'), ('adam');
       CREATE MATERIALIZED VIEW shop.first_name AS SELECT min(name) AS name FROM shop.names;
       ALTER ROLE postgres SET search_path = shop, public;
       ALTER ROLE postgres SET geqo_threshold = 13;
       CREATE MATERIALIZED VIEW shop.stale AS SELECT count(*) AS n FROM shop.names;
       INSERT INTO shop.names VALUES ('carol')`,
    );
    point = await bench.backup();
    target = await bench.server('target');
    await bench.restore(point, target);
    client = await connectPostgres(bench.source.connection);
  });
  afterAll(async () => {
    await client?.end();
    await bench?.[Symbol.asyncDispose]();
  });

  it('an object of every kind, restored with its locale, is judged the same by every check', async () => {
    const after = await observeServer(target, { expected: point.manifest.content });
    expect(differences(point.manifest.content, after)).toEqual([]);
    expect(after.locale).toMatchObject({ encoding: 'UTF8', provider: 'icu' });
    const sorted = `SELECT min(name) AS name FROM shop.names`;
    expect(await sql(target, sorted)).toEqual(await sql(bench.source, sorted));
    const settings = `SELECT setrole::regrole::text AS role, setconfig FROM pg_db_role_setting ORDER BY 1, 2`;
    expect(await sql(target, settings)).toEqual(await sql(bench.source, settings));
    // The stale view is another one now, which is no difference.
    expect(Object.keys(after.queriedViews ?? {})).toEqual(['shop.stale']);
  });

  it.each([
    [1, ['locale', 'sample', 'definitions', 'globals']],
    [2, []],
  ] as const)('a content of a manifest of format %i is held against the same database in its way', async (...each) => {
    const [format, notApplicable] = each;
    const { signal } = new AbortController();
    const earlier = {
      ...(await observeDatabase(client, { format })),
      ...(format === 2 && { statements: await observeStatements(bench.source, { client, signal }) }),
    };
    expect(earlier.format).toBe(format === 1 ? undefined : format);
    const now = await observeDatabase(client);
    expect(now.format).toBe(3);
    const content = (one: DatabaseContent): unknown => one.tables['shop.items'];
    expect(content(earlier)).not.toEqual(content(now));
    const again = await observeServer(bench.source, { expected: earlier, signal });
    const verdicts = judgeIntegrity(earlier, again).map(({ check, verdict }) => `${check} ${verdict}`);
    expect(verdicts.filter((verdict) => !verdict.endsWith(' pass'))).toEqual(
      notApplicable.map((name) => `integrity.${name} not-applicable`),
    );
    const [name = ''] = Object.keys(earlier.tables);
    const damaged = { ...earlier, tables: { ...earlier.tables, [name]: { ...earlier.tables[name]!, digest: '0' } } };
    expect(differences(damaged, again).map(({ check }) => check)).toEqual(['integrity.content']);
  });

  /** The checks that a change turns red; it is taken back. */
  const redBy = async (change: string): Promise<string[]> => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    try {
      const before = await observeDatabase(client);
      await client.query(change);
      return differences(before, await observeDatabase(client)).map(({ check }) => check);
    } finally {
      await client.query('ROLLBACK');
    }
  };

  it.each([
    [
      'a value behind a cast of the row that hides it',
      `CREATE FUNCTION shop.hide(shop.kinds) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
       CREATE CAST (shop.kinds AS text) WITH FUNCTION shop.hide(shop.kinds);
       UPDATE shop.kinds SET name = 'Other' WHERE id = 2`,
      ['integrity.content', 'integrity.sample'],
    ],
    [
      'a value of a type with a cast of its own',
      `CREATE OR REPLACE FUNCTION shop.describe(shop.mood) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
       DROP PUBLICATION some_rows, of_schema;
       SET LOCAL session_replication_role = replica; UPDATE shop.items SET mood = 'so, so' WHERE id = 1000`,
      ['integrity.content', 'integrity.sample'],
    ],
    [
      'an empty text in place of none',
      `DROP PUBLICATION of_schema; SET LOCAL session_replication_role = replica; UPDATE shop.child SET b = '' WHERE b IS NULL`,
      ['integrity.content', 'integrity.sample'],
    ],
    ['a byte of a large object', `SELECT lo_put(70001, 5001, '\\x01')`, ['integrity.content']],
    ['the length of a large object', `SELECT lo_put(70002, 10, '\\x00')`, ['integrity.content']],
    ['an owner of a large object', 'ALTER LARGE OBJECT 70001 OWNER TO keeper', ['integrity.grants']],
    ['a right on a large object', 'REVOKE SELECT ON LARGE OBJECT 70001 FROM reader', ['integrity.grants']],
    ['rows of a materialised view', 'REFRESH MATERIALIZED VIEW shop.stale', ['integrity.content']],
    [
      'a guard that a comment has swallowed',
      `UPDATE pg_proc SET prosrc = replace(prosrc, E'of it\\n', 'of it ') WHERE proname = 'guard'`,
      ['integrity.schema'],
    ],
  ])('%s is seen', async (_name, change, expected) => {
    const red = await redBy(change);
    expect(red).toEqual(expect.arrayContaining(expected));
  });

  it.each([
    [
      'the physical order of columns',
      'ALTER TABLE shop.altered RENAME TO was; CREATE TABLE shop.altered (last int, gone text, first text)',
    ],
    ['a comment whose object is gone', `INSERT INTO pg_description VALUES (99999, 'pg_class'::regclass, 0, 'orphan')`],
  ])('%s is no difference', async (_name, change) => {
    const rows = change.includes('altered')
      ? '; INSERT INTO shop.altered (first, last, gone) SELECT * FROM shop.was; DROP TABLE shop.was; REVOKE SELECT ON shop.altered FROM reader'
      : '';
    const copied = rows && 'ALTER TABLE shop.altered ALTER COLUMN gone DROP DEFAULT;';
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    if (copied) await client.query(copied);
    const before = await observeDatabase(client);
    await client.query(change + rows);
    const red = differences(before, await observeDatabase(client));
    await client.query('ROLLBACK');
    expect(red).toEqual([]);
  });

  it('every class of damage is seen by what PostgreSQL prints, with the name of the object', async () => {
    await sql(bench.source, 'CREATE ROLE firedrill_other SUPERUSER');
    const look = async (): Promise<DatabaseContent> => ({
      ...point.manifest.content,
      statements: await observeStatements(bench.source, { client }),
    });
    const unseen: string[] = [];
    let before = await look();
    // Those that strike the same object wait for the next look.
    for (let left: readonly ObjectDamage[] = objectDamages; left.length > 0;) {
      const struck = new Map<string, string>();
      const waiting: ObjectDamage[] = [];
      for (const damage of left) {
        const found = await findStruck(client, damage, 3);
        expect(found, `${damage.name} has something to strike`).toBeDefined();
        const object = damage.object(found!);
        if (struck.has(object)) waiting.push(damage);
        else await client.query(damage.damage(found!));
        if (!struck.has(object)) struck.set(object, damage.name);
      }
      const after = await look();
      const { definitions, globals } = {
        definitions: { ...before.statements?.definitions },
        globals: { ...before.statements?.globals },
      };
      for (const [object, name] of struck) {
        // All else as it is now, so that this object alone can differ.
        const { check } = objectDamages.find((each) => each.name === name)!;
        const part = check === 'integrity.globals' ? 'globals' : 'definitions';
        const alone = { ...after.statements![part] };
        const was = { definitions, globals }[part][object];
        if (was === undefined) delete alone[object];
        else alone[object] = was;
        const expected = { ...before, statements: { ...after.statements!, [part]: alone } };
        const [finding] = judgeStatements(expected, after).filter((each) => each.check === check);
        const named = finding?.verdict === 'fail' && finding.evidence?.some((line) => line.endsWith(`: ${object}`));
        if (!named) unseen.push(`${name}: ${object}`);
      }
      [before, left] = [after, waiting];
    }
    expect(unseen).toEqual([]);
    expect(new Set(objectDamages.map(({ name }) => name)).size).toBe(objectDamages.length);
    expect(objectDamages.length).toBeGreaterThan(75);
  });
});

describe.skipIf(why !== '')(`a database in another encoding, against PostgreSQL${why}`, () => {
  it('is restored in it, and one that the server cannot have is refused in one sentence', async () => {
    await using bench = await createBackupBench('every');
    await withLocale(bench, `ENCODING 'LATIN1' LOCALE 'C'`);
    await sql(
      bench.source,
      `CREATE TABLE t (id int PRIMARY KEY, name text); INSERT INTO t VALUES (1, 'Müller'), (2, 'été')`,
    );
    const point = await bench.backup();
    const target = await bench.server('target');
    await bench.restore(point, target);
    const after = await observeServer(target, { expected: point.manifest.content });
    expect(differences(point.manifest.content, after)).toEqual([]);
    expect(after.locale).toMatchObject({ encoding: 'LATIN1', collate: 'C' });
    const { content } = point.manifest;
    const nowhere = { ...content, locale: { ...content.locale!, collate: 'xx_XX' } };
    await sql(target, 'DROP TABLE t');
    const refused = bench.restore({ ...point, manifest: { ...point.manifest, content: nowhere } }, target);
    await expect(refused).rejects.toMatchObject({
      code: 'restore-failed',
      message: expect.stringContaining('locale of the backup'),
    });
    expect(await sql(target, 'SELECT count(*)::int AS n FROM pg_class WHERE oid >= 16384')).toEqual([{ n: 0 }]);
  });
});
