import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeIntegrity } from '../../checks/integrity.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { DatabaseContent } from '../../domain/recovery.ts';
import type { PostgresServer } from '../../domain/service.ts';
import { databaseDamages } from '../../faults/database-damage.ts';
import { observeChanged } from '../../recovery/observe-changed.ts';
import { observeDatabase } from '../../recovery/observe-database.ts';
import { connectPostgres } from '../../stack/clients.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { startNativePostgres } from '../../stack/native/postgres.ts';
import { createRunContext, type RunContext } from '../../stack/run-context.ts';
import { differences } from './backup-support.ts';

const programs = await findPostgresPrograms();
const why = 'missing' in programs ? ` (skipped: ${programs.missing})` : '';

/** Has something for every damage to hit; nothing depends on the extension. */
const workshopSchema = `
  CREATE ROLE smith LOGIN; CREATE ROLE visitor NOLOGIN; GRANT visitor TO smith;
  CREATE EXTENSION unaccent;
  CREATE SCHEMA workshop;
  CREATE FUNCTION workshop.stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TABLE workshop.shelves (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, label text NOT NULL);
  CREATE TABLE workshop.tools (
    id bigserial PRIMARY KEY,
    shelf integer NOT NULL REFERENCES workshop.shelves,
    weight numeric CHECK (weight > 0),
    bought timestamptz NOT NULL DEFAULT '2024-05-01 10:00:00+00',
    note text
  );
  CREATE INDEX tools_shelf ON workshop.tools (shelf);
  CREATE TRIGGER stamp BEFORE UPDATE ON workshop.tools FOR EACH ROW EXECUTE FUNCTION workshop.stamp();
  ALTER TABLE workshop.tools ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON workshop.tools FOR SELECT TO visitor USING (weight < 10);
  GRANT USAGE ON SCHEMA workshop TO visitor;
  GRANT SELECT ON workshop.tools TO visitor;
  GRANT SELECT, INSERT ON workshop.shelves TO smith;
  CREATE TABLE workshop.wood (id integer PRIMARY KEY, name text);
  INSERT INTO workshop.wood SELECT i, 'oak ' || i FROM generate_series(1, 5) AS i;
  CREATE MATERIALIZED VIEW workshop.woods AS SELECT * FROM workshop.wood;
  CREATE FUNCTION workshop.saw() RETURNS void LANGUAGE sql AS 'UPDATE workshop.wood SET name = NULL WHERE id = 2';
  CREATE FUNCTION workshop.follow() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN INSERT INTO workshop.wood SELECT max(id) + 1, NULL FROM workshop.wood; RETURN NEW; END';
  CREATE TRIGGER follow AFTER INSERT ON workshop.shelves FOR EACH STATEMENT EXECUTE FUNCTION workshop.follow();
  CREATE TYPE workshop.state AS ENUM ('new', 'old');
  CREATE TABLE workshop.orders (id integer, amount integer, PRIMARY KEY (id)) PARTITION BY RANGE (id);
  CREATE TABLE workshop.orders_1 PARTITION OF workshop.orders FOR VALUES FROM (0) TO (10);
  CREATE TABLE workshop.orders_2 PARTITION OF workshop.orders FOR VALUES FROM (10) TO (20);
  INSERT INTO workshop.orders SELECT i, i FROM generate_series(1, 15) AS i;
  CREATE TABLE workshop.jobs (id integer, state workshop.state) PARTITION BY HASH (state);
  CREATE TABLE workshop.jobs_1 PARTITION OF workshop.jobs FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE workshop.jobs_2 PARTITION OF workshop.jobs FOR VALUES WITH (MODULUS 2, REMAINDER 1);
  INSERT INTO workshop.jobs VALUES (1, 'new'), (2, 'old');
  SELECT lo_from_bytea(4711, 'large');
  INSERT INTO workshop.shelves (label) VALUES ('top'), ('bottom');
  INSERT INTO workshop.tools (shelf, weight, note) SELECT 1 + i % 2, i, nullif('tool ' || i, 'tool 7') FROM generate_series(1, 20) AS i;`;

/** Damages that a control could do beside what it says, each in another way. */
const unannounced: [string, string][] = [
  ['a row of another table', 'DELETE FROM workshop.wood WHERE id = 3'],
  ['by a trigger', "INSERT INTO workshop.shelves (label) VALUES ('new')"],
  ['a table that is emptied', 'TRUNCATE workshop.wood'],
  ['a table that is gone', 'DROP TABLE workshop.wood CASCADE'],
  ['a table of another name', 'ALTER TABLE workshop.wood RENAME TO timber'],
  ['a table more', 'CREATE TABLE workshop.more AS SELECT 1 AS one'],
  ['a partition', 'UPDATE workshop.orders SET amount = 5 WHERE id = 1'],
  ['a partition by its root', "DELETE FROM workshop.jobs WHERE state = 'old'"],
  [
    'the table of a materialised view',
    'DELETE FROM workshop.wood WHERE id = 1; REFRESH MATERIALIZED VIEW workshop.woods',
  ],
  ['a value of a type', "ALTER TYPE workshop.state RENAME VALUE 'old' TO 'gone'"],
  ['a large object', "SELECT lo_put(4711, 0, 'changed')"],
  ['a catalogue by hand', "UPDATE pg_enum SET enumlabel = 'gone' WHERE enumlabel = 'old'"],
  ['by a function', 'SELECT workshop.saw()'],
  ['a column more', 'ALTER TABLE workshop.wood ADD COLUMN age integer DEFAULT 3'],
];

describe.skipIf(why !== '')(`damages of a database, against PostgreSQL${why}`, () => {
  let run: RunContext;
  let server: PostgresServer;
  let client: Client;
  let before: DatabaseContent;
  /** What each damage did to a database that had nothing yet. */
  const onNothing = new Map<string, unknown>();

  beforeAll(async () => {
    run = await createRunContext({ runId: `damage-${process.pid.toString(36)}`, engine: 'native' });
    server = await startNativePostgres(run, 'source', { database: 'workshop' });
    client = await connectPostgres(server.connection);
    for (const each of databaseDamages) {
      await client.query('BEGIN');
      onNothing.set(each.name, await each.damage(client, 1).catch((error: unknown) => error));
      await client.query('ROLLBACK');
    }
    await client.query(workshopSchema);
    before = await observeDatabase(client);
  });
  afterAll(async () => {
    await client?.end();
    await server?.[Symbol.asyncDispose]();
    await run?.[Symbol.asyncDispose]();
  });

  it('are there for every check of integrity, each by a name of its own', () => {
    // What needs other connections, or a database made anew, is damaged elsewhere: see `observer.contract.ts`.
    const elsewhere = ['integrity.locale'];
    const checks = judgeIntegrity(before, before).flatMap(({ check }) => (elsewhere.includes(check) ? [] : [check]));
    const covered = new Set(databaseDamages.map(({ expectedCheck }) => expectedCheck));
    expect([...covered].sort()).toEqual([...checks].sort());
    expect(new Set(databaseDamages.map(({ name }) => name)).size).toBe(databaseDamages.length);
  });

  it.each(databaseDamages)('$name: turns $expectedCheck red', async (each) => {
    const { expectedCheck, alsoRed = [] } = each;
    expect(differences(before, await observeDatabase(client))).toEqual([]);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    try {
      await client.query('SAVEPOINT whole');
      expect(await each.damage(client, 1)).toMatch(/\w+/);
      const now = await observeDatabase(client);
      expect(await observeChanged(client, before), 'seen no less by what was touched alone').toEqual(now);
      const red = differences(before, now);
      const checks = red.map(({ check }) => check);
      expect(checks).toContain(expectedCheck);
      // Whether the sample holds the row is drawn by the seed.
      const sampled = (names: readonly string[]): string[] =>
        names.filter((name) => name !== 'integrity.sample').sort();
      expect(sampled(checks)).toEqual(sampled([expectedCheck, ...alsoRed]));
      for (const { verdict, evidence } of red) expect([verdict, evidence]).toEqual(['fail', expect.any(Array)]);
      expect(red.flatMap(({ evidence = [] }) => evidence)).not.toEqual([]);
      await client.query('ROLLBACK TO SAVEPOINT whole');
      expect(differences(before, await observeDatabase(client))).toEqual([]);
    } finally {
      await client.query('ROLLBACK');
    }
    expect(differences(before, await observeDatabase(client))).toEqual([]);
  });

  it.each(unannounced)(
    'what is read again follows from the server, not from who did the damage: %s',
    async (_, damage) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      try {
        const undamaged = await observeDatabase(client);
        await client.query('SAVEPOINT undamaged');
        await client.query(damage);
        const whole = await observeDatabase(client);
        const part = await observeChanged(client, undamaged);
        expect(differences(undamaged, part)).toEqual(differences(undamaged, whole));
        expect(part).toEqual(whole);
        expect(differences(undamaged, part)).not.toEqual([]);
        await client.query('ROLLBACK TO SAVEPOINT undamaged');
        // Sequences are outside of transactions.
        const after = { ...(await observeChanged(client, undamaged)), sequences: undamaged.sequences };
        expect(after, 'nothing is left of it').toEqual(undamaged);
      } finally {
        await client.query('ROLLBACK');
      }
    },
  );

  it('reads no rows again of what nobody has touched', async () => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    try {
      const undamaged = await observeDatabase(client);
      await client.query("UPDATE workshop.tools SET note = 'x' WHERE id = 1");
      // What it was told of before stays: were it read, it would be as it is in the database.
      undamaged.tables['workshop.shelves'] = { rows: 77, digest: 'as told' };
      const part = await observeChanged(client, undamaged);
      expect(part.tables['workshop.shelves']).toEqual({ rows: 77, digest: 'as told' });
    } finally {
      await client.query('ROLLBACK');
    }
  });

  it.each(databaseDamages)('$name: hits the same on the same database', async (each) => {
    const told: string[] = [];
    for (const _ of [1, 2]) {
      await client.query('BEGIN');
      told.push(await each.damage(client, 1).finally(() => client.query('ROLLBACK')));
    }
    expect(told[0]).toBe(told[1]);
    // Names only: no value of a row.
    expect(told[0]).not.toMatch(/tool \d|'top'|'bottom'/);
  });

  it('another seed strikes something else', async () => {
    for (const name of ['value-changed', 'grant-revoked']) {
      const each = databaseDamages.find((candidate) => candidate.name === name)!;
      const told = new Set<string>();
      for (let seed = 1; seed <= 8; seed += 1) {
        await client.query('BEGIN');
        told.add(await each.damage(client, seed).finally(() => client.query('ROLLBACK')));
      }
      expect(told.size, name).toBeGreaterThan(1);
    }
  });

  it.each(databaseDamages)('$name: says so when there is nothing to damage', ({ name }) => {
    const error = onNothing.get(name);
    expect(error).toBeInstanceOf(DrillError);
    expect(error).toMatchObject({ code: 'configuration' });
  });
});
