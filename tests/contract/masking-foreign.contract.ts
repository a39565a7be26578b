import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeMaskedColumns, judgeMaskedCopy } from '../../checks/masking.ts';
import { largeObjects, type LargeObjectRule, type MaskingPolicy } from '../../domain/masking.ts';
import type { RestorePoint } from '../../domain/recovery.ts';
import type { PostgresServer } from '../../domain/service.ts';
import { isRed } from '../../domain/verdict.ts';
import { clearedTables, observeMaskedColumns } from '../../masking/observe.ts';
import { createMaskingPlan } from '../../masking/plan.ts';
import { withPostgres } from '../../stack/clients.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { contentOf, createBackupBench, sql, type BackupBench } from './backup-support.ts';
import { createDatabase } from './databases-support.ts';
import { observeCopy } from './masking-support.ts';

const programs = await findPostgresPrograms();
const why = 'missing' in programs ? programs.missing : undefined;

const canaries = [{ id: 1, value: 'Zaharia Quintescu', kind: 'column' as const, place: 'public.people.name' }];

/** What databases of others have that rows alone are not: large objects, keys of partitions, dots in names. */
const schema = `
  CREATE TABLE people (id int PRIMARY KEY, name text, photo oid);
  INSERT INTO people SELECT i, 'Zaharia Quintescu', lo_from_bytea(0, convert_to('Zaharia Quintescu', 'UTF8'))
    FROM generate_series(1, 3) AS i;
  SELECT lo_put(photo, 5000, 'Zaharia') FROM people WHERE id = 3;
  DO $do$ DECLARE photo oid := (SELECT photo FROM people WHERE id = 1); BEGIN
    EXECUTE format('COMMENT ON LARGE OBJECT %s IS ''Zaharia Quintescu''', photo);
    EXECUTE format('GRANT SELECT ON LARGE OBJECT %s TO pg_monitor', photo);
  END $do$;
  CREATE TABLE visits (id int, born date, city text, note text) PARTITION BY RANGE (born);
  CREATE TABLE visits_old PARTITION OF visits FOR VALUES FROM ('1900-01-01') TO ('1980-01-01');
  CREATE TABLE visits_new PARTITION OF visits FOR VALUES FROM ('1980-01-01') TO ('2030-01-01')
    PARTITION BY LIST (lower(city));
  CREATE TABLE visits_a PARTITION OF visits_new FOR VALUES IN ('arad');
  CREATE TABLE visits_b PARTITION OF visits_new FOR VALUES IN ('brad');
  CREATE INDEX ON visits (id);
  INSERT INTO visits SELECT i, date '1950-01-01' + i * 300, (ARRAY['Arad', 'Brad'])[1 + i % 2], 'x'
    FROM generate_series(1, 60) AS i;
  CREATE TABLE "dotted.table" ("a.b" text);
  INSERT INTO "dotted.table" VALUES ('Zaharia Quintescu');`;

const policyWith = (largeObjects?: LargeObjectRule, born = '1970-01-01', photo: 'keep' | 'null' = 'keep') => {
  const policy: MaskingPolicy = {
    tables: {
      'public.people': {
        columns: { id: { kind: 'keep' }, name: { kind: 'replace', template: 'Person {id}' }, photo: { kind: photo } },
      },
      'public.visits': {
        columns: {
          id: { kind: 'keep' },
          born: { kind: 'replace', template: born },
          city: { kind: 'replace', template: 'Brad' },
          note: { kind: 'keep' },
        },
      },
      'public.dotted.table': { columns: { 'a.b': { kind: 'redact', as: 'text' } } },
    },
    ...(largeObjects && { largeObjects }),
  };
  return policy;
};
const contents = `SELECT p.id, convert_from(lo_get(o.oid), 'UTF8') AS content, obj_description(o.oid, 'pg_largeobject') AS said,
  o.lomacl::text AS grants FROM people p LEFT JOIN pg_largeobject_metadata o ON o.oid = p.photo ORDER BY p.id`;

describe.skipIf(why !== undefined)(`masked copies of databases of others${why ? ` (skipped: ${why})` : ''}`, () => {
  let bench: BackupBench;
  let target: PostgresServer;
  let point: RestorePoint;
  beforeAll(async () => {
    bench = await createBackupBench('foreign');
    target = await bench.server('target');
    await sql(bench.source, schema);
    point = await bench.backup();
  });
  afterAll(async () => bench?.[Symbol.asyncDispose]());

  /** A masked copy in a database that takes the place of the one before. */
  async function copyBy(policy: MaskingPolicy): Promise<PostgresServer> {
    const postgres = { ...target, connection: { ...target.connection, database: 'postgres' } };
    await sql(postgres, 'DROP DATABASE IF EXISTS "foreign" WITH (FORCE)');
    const copy = await createDatabase(target, 'foreign');
    const masking = createMaskingPlan(policy);
    await bench.restore(point, copy, {
      plan: (shape) => masking.plan(shape),
      largeObjects: masking.largeObjects,
      beforeRows: (client) => masking.beforeRows(client),
      roles: 'without-passwords',
    });
    return copy;
  }
  /** Checks that are red, with what they are red for. */
  async function redChecks(copy: PostgresServer, policy: MaskingPolicy): Promise<[string, string][]> {
    const findings = judgeMaskedCopy(await observeCopy(bench.source, point, copy, policy, canaries));
    return findings
      .filter(({ verdict }) => isRed(verdict))
      .map(({ check, evidence = [] }) => [check, evidence.join('\n')]);
  }

  it('has no large object unless the policy says so, and rows in the partitions of their masked keys', async () => {
    const policy = policyWith();
    const copy = await copyBy(policy);
    expect(await sql(copy, 'SELECT count(*)::int AS objects FROM pg_largeobject_metadata')).toEqual([{ objects: 0 }]);
    expect(await sql(copy, 'SELECT id FROM people WHERE photo IS NOT NULL')).toHaveLength(3);
    expect(await sql(copy, 'SELECT tableoid::regclass::text AS t, count(*)::int FROM visits GROUP BY 1')).toEqual([
      { t: 'visits_old', count: 60 },
    ]);
    expect(await sql(copy, 'SELECT "a.b" AS text FROM "dotted.table"')).toEqual([{ text: 'masked masked' }]);
    expect(await redChecks(copy, policy)).toEqual([]);
    expect(await withPostgres(copy.connection, (client) => clearedTables(client, policy))).toEqual([largeObjects]);
  });

  it('has large objects with another content where the policy replaces it, and routes rows too', async () => {
    const policy = policyWith({ kind: 'replace', text: 'no picture' }, '1999-01-01', 'keep');
    const copy = await copyBy(policy);
    const grants = expect.stringContaining('pg_monitor=r/') as unknown;
    expect(await sql(copy, contents)).toEqual([
      { id: 1, content: 'no picture', said: null, grants },
      { id: 2, content: 'no picture', said: null, grants: null },
      { id: 3, content: 'no picture', said: null, grants: null },
    ]);
    expect(await sql(copy, 'SELECT tableoid::regclass::text AS t, count(*)::int FROM visits GROUP BY 1')).toEqual([
      { t: 'visits_b', count: 60 },
    ]);
    expect(await redChecks(copy, policy)).toEqual([]);
    await sql(copy, `SELECT lo_put(photo, 9000, 'anything') FROM people WHERE id = 2`);
    const columns = await withPostgres(copy.connection, (client) => observeMaskedColumns(client, policy));
    expect(judgeMaskedColumns(columns)).toMatchObject({
      verdict: 'fail',
      evidence: ['pg_catalog.pg_largeobject.data: 1 of 3 rows not by `replace no picture`'],
    });
  });

  it('has large objects as they were where the policy keeps them; the leak scan reads them all the same', async () => {
    const policy = policyWith({ kind: 'keep', reason: 'public pictures' }, '1970-01-01', 'null');
    const copy = await copyBy(policy);
    const copied = (await contentOf(copy)).tables[largeObjects];
    expect(copied).toEqual(point.manifest.content.tables[largeObjects]);
    expect(copied?.rows).toBe(3);
    expect(await sql(copy, 'SELECT id FROM people WHERE photo IS NOT NULL')).toEqual([]);
    const red = await redChecks(copy, policy);
    expect(red.map(([check]) => check)).toEqual(['masking.canaries-after']);
    expect(red[0]?.[1]).toContain('pg_catalog.pg_largeobject.data: canaries 1');
  });

  it('is refused before a row moves where no partition takes a masked key, by table and column', async () => {
    const nowhere = copyBy(policyWith(undefined, '2040-01-01'));
    await expect(nowhere).rejects.toMatchObject({ code: 'policy-incomplete' });
    await expect(nowhere).rejects.toThrow('public.visits.(born, city): no partition takes what the policy makes');
    // Only the rows tell that 60 of them have no partition: nothing of them is left.
    const later = copyBy(policyWith(undefined, '204{id}-01-01'));
    await expect(later).rejects.toThrow(/no partition of public\.visits takes a row with a masked key[^]*born, city/);
    expect(
      await sql(
        { ...target, connection: { ...target.connection, database: 'foreign' } },
        `SELECT to_regclass('public.visits') AS visits`,
      ),
    ).toEqual([{ visits: null }]);
  });
});
