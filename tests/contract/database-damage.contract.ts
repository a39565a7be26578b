import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeIntegrity } from '../../checks/integrity.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { DatabaseContent } from '../../domain/recovery.ts';
import type { PostgresServer } from '../../domain/service.ts';
import { databaseDamages } from '../../faults/database-damage.ts';
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
  INSERT INTO workshop.shelves (label) VALUES ('top'), ('bottom');
  INSERT INTO workshop.tools (shelf, weight, note) SELECT 1 + i % 2, i, nullif('tool ' || i, 'tool 7') FROM generate_series(1, 20) AS i;`;

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
      const red = differences(before, await observeDatabase(client));
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
