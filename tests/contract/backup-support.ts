import { isRed } from '../../domain/verdict.ts';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { Client as MinioClient } from 'minio';
import { systemClock } from '../../domain/clock.ts';
import type { Finding } from '../../domain/finding.ts';
import type { BackupManifest, DatabaseContent, RestorePoint } from '../../domain/recovery.ts';
import type { PostgresServer } from '../../domain/service.ts';
import { judgeIntegrity } from '../../checks/integrity.ts';
import { backupDatabase, type BackupDatabaseOptions } from '../../recovery/backup-database.ts';
import { observeDatabase } from '../../recovery/observe-database.ts';
import { restoreDatabase, type RestoreOptions } from '../../recovery/restore-database.ts';
import { judgeDatabaseBackup } from '../../checks/database-backup.ts';
import { verifyBackup } from '../../recovery/verify-backup.ts';
import { objectClient, withPostgres } from '../../stack/clients.ts';
import { objectsPlaces, startNativeObjects } from '../../stack/native/objects.ts';
import { startNativePostgres } from '../../stack/native/postgres.ts';
import { standInOf } from '../../stack/native/store-program.ts';
import { createRunContext } from '../../stack/run-context.ts';

export const bucket = 'backups';

export type BackupBench = Awaited<ReturnType<typeof createBackupBench>>;

/**
 * Starts a source server and the built-in store, which lists unfinished uploads of a whole bucket, and makes an age
 * identity. Everything that was started, later servers too, ends when the bench is disposed.
 */
export async function createBackupBench(database: string) {
  await using starting = new AsyncDisposableStack();
  const run = starting.use(
    await createRunContext({ runId: `backup-${randomBytes(4).toString('hex')}`, engine: 'native' }),
  );
  const source = starting.use(await startNativePostgres(run, 'source', { database }));
  const program = standInOf(objectsPlaces);
  const { access } = starting.use(await startNativeObjects(run, bucket, { service: 'backups', program }));
  const objects = objectClient(access);
  await objects.makeBucket(bucket);
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const common = { store: access, clock: systemClock };
  const started = starting.move();
  return {
    run,
    source,
    access,
    objects,
    identity,
    backup: (options?: Partial<BackupDatabaseOptions>) =>
      backupDatabase({ ...common, source, bucket, recipient, compression: 'zstd', ...options }),
    server: async (role: string) => started.use(await startNativePostgres(run, role, { database })),
    restore: (restorePoint: RestorePoint, target: PostgresServer, options?: Partial<RestoreOptions>) =>
      restoreDatabase({ ...common, restorePoint, target, identity, roles: 'all', ...options }),
    verify: async (restorePoint: RestorePoint, key = identity) => {
      const observation = await verifyBackup({ restorePoint, store: access, identity: key, server: source });
      return { observation, findings: [judgeDatabaseBackup(restorePoint, observation)] };
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** What a server's database holds. */
export async function contentOf(server: PostgresServer): Promise<DatabaseContent> {
  return withPostgres(server.connection, (client) => observeDatabase(client));
}

/** Runs SQL, of several statements where there are several. */
export async function sql<T extends object>(server: PostgresServer, text: string): Promise<T[]> {
  return withPostgres(server.connection, async (client) => (await client.query<T>(text)).rows);
}

/** The checks that are not green, with their evidence. */
export function differences(expected: DatabaseContent, actual: DatabaseContent): Finding[] {
  return judgeIntegrity(expected, actual).filter(({ verdict }) => isRed(verdict));
}

/** Keys of everything in the bucket, sorted. */
export async function storedKeys(objects: MinioClient): Promise<string[]> {
  const items = await Array.fromAsync(objects.listObjectsV2(bucket, '', true) as AsyncIterable<{ name?: string }>);
  return items.flatMap(({ name }) => (name === undefined ? [] : [name])).sort();
}

/** Keys of uploads that were begun and neither completed nor taken back. */
export async function unfinishedUploads(objects: MinioClient): Promise<string[]> {
  const uploads = await Array.fromAsync(
    objects.listIncompleteUploads(bucket, '', true) as AsyncIterable<{ key?: string }>,
  );
  return uploads.flatMap(({ key }) => (key === undefined ? [] : [key]));
}

export async function readObject(objects: MinioClient, key: string): Promise<Buffer> {
  return buffer(await objects.getObject(bucket, key));
}

/** Stores changed bytes of a point's dump under a new key, and gives the point that names them. */
export async function withChangedDump(
  { objects }: BackupBench,
  point: RestorePoint,
  key: string,
  change: (bytes: Buffer) => Buffer,
): Promise<RestorePoint> {
  await objects.putObject(bucket, key, change(await readObject(objects, point.manifest.dump.key)));
  return withDumpKey(point, key);
}

/** The point with another object as its dump; sha256 and size stay those of the manifest. */
export function withDumpKey(point: RestorePoint, key: string): RestorePoint {
  return { ...point, manifest: { ...point.manifest, dump: { ...point.manifest.dump, key } } };
}

/** The bytes with one bit of one byte turned. */
export function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  return changed;
}

/** Stores a backup a second time: its files and a manifest under a chosen name, covering a chosen instant. */
export async function copyBackup(
  { objects }: BackupBench,
  { manifest }: RestorePoint,
  name: string,
  coveredAt: string,
): Promise<void> {
  const copy = async (from: string, key: string): Promise<string> => {
    await objects.putObject(bucket, key, await readObject(objects, from));
    return key;
  };
  const copied: BackupManifest = {
    ...manifest,
    coveredAt,
    dump: { ...manifest.dump, key: await copy(manifest.dump.key, `${name}.dump.zst.age`) },
    roles: { ...manifest.roles, key: await copy(manifest.roles.key, `${name}.roles.sql.zst.age`) },
  };
  await objects.putObject(bucket, `${name}.manifest.json`, JSON.stringify(copied));
}

/** A small schema of everything that a dump, or the reading of one, may stumble over. */
export const vaultSchema = String.raw`
  CREATE ROLE keeper LOGIN PASSWORD 'vault-keeper' CONNECTION LIMIT 7;
  CREATE ROLE "Odd Reader" NOLOGIN BYPASSRLS;
  GRANT "Odd Reader" TO keeper;
  ALTER ROLE keeper SET statement_timeout = '17s';
  CREATE EXTENSION citext;
  CREATE SCHEMA vault;
  CREATE SCHEMA "Odd ""Schema";
  CREATE TYPE vault.mood AS ENUM ('fine', 'so, so', 'it''s bad');
  CREATE DOMAIN vault.percent AS numeric(5, 2) DEFAULT 1 CHECK (VALUE BETWEEN 0 AND 100);
  CREATE FUNCTION vault.headings() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW.note := coalesce(NEW.note, '
\.
--
-- Name: x; Type: TABLE; Schema: vault; Owner: postgres
--
COPY vault.items (id) FROM stdin;
\.
');
  RETURN NEW;
END $body$;
  CREATE TABLE vault.kinds (id serial PRIMARY KEY, name citext UNIQUE NOT NULL);
  CREATE TABLE vault.items (
    id bigint GENERATED ALWAYS AS IDENTITY (START 1000 INCREMENT 7) PRIMARY KEY,
    kind integer NOT NULL REFERENCES vault.kinds,
    mood vault.mood NOT NULL DEFAULT 'fine',
    share vault.percent,
    note text CHECK (length(note) < 5000),
    doubled numeric GENERATED ALWAYS AS (share * 2) STORED,
    raw bytea,
    tags text[]
  );
  CREATE INDEX items_fine ON vault.items (share DESC NULLS LAST) WHERE mood = 'fine';
  CREATE TRIGGER headings BEFORE INSERT OR UPDATE ON vault.items FOR EACH ROW EXECUTE FUNCTION vault.headings();
  ALTER TABLE vault.items ENABLE ROW LEVEL SECURITY;
  CREATE POLICY "only, fine" ON vault.items FOR SELECT TO keeper USING (mood = 'fine');
  CREATE TABLE vault.events (id bigserial, at date NOT NULL, what text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE vault.events_2024 PARTITION OF vault.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
  CREATE TABLE vault.events_2025 (what text, at date NOT NULL, id bigint NOT NULL);
  ALTER TABLE vault.events ATTACH PARTITION vault.events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE vault.events_rest PARTITION OF vault.events DEFAULT;
  CREATE INDEX events_what ON vault.events (what);
  CREATE TABLE "Odd ""Schema"."Odd; Table" ("a ""column""" int PRIMARY KEY, "it's" text, "select" text DEFAULT '\.');
  CREATE TABLE vault.empty (id int PRIMARY KEY, what text);
  CREATE SEQUENCE vault.tickets START 50 INCREMENT -5 MINVALUE -1000 MAXVALUE 50;
  INSERT INTO vault.kinds (name) VALUES ('Plain'), ('Odd');
  INSERT INTO vault.items (kind, mood, share, note, raw, tags) VALUES
    (1, 'fine', 12.5, E'tab\tline\nfeed\rreturn\\backslash\b\f\v', '\x00ff0a5c2e', ARRAY['a,b', NULL, '{"}', '']),
    (2, 'it''s bad', NULL, E'\\.\n\\.\nCOPY x FROM stdin;\n\\N\n-- Name: x; Type: TABLE DATA', NULL, '{}'),
    (1, 'so, so', 100, '\N', '', NULL),
    (1, 'fine', 0, '', '\x5c2e0a', NULL),
    (1, 'fine', 3, NULL, NULL, NULL),
    (1, 'fine', 3, repeat(E'\\.\n', 1000), NULL, NULL);
  INSERT INTO vault.events (at, what) SELECT date '2023-12-01' + i, CASE i % 3 WHEN 0 THEN NULL ELSE E'event\t' || i END
    FROM generate_series(1, 900) AS i;
  INSERT INTO "Odd ""Schema"."Odd; Table" VALUES (1, E'\\.', DEFAULT), (2, NULL, E'\n'), (-3, 'Țară 🜨', '');
  SELECT nextval('vault.tickets'), nextval('vault.tickets'), nextval('vault.kinds_id_seq');
  CREATE VIEW vault.fine WITH (security_barrier) AS SELECT id, note FROM vault.items WHERE mood = 'fine';
  CREATE MATERIALIZED VIEW vault.totals AS SELECT kind, sum(share) AS share FROM vault.items GROUP BY kind;
  CREATE UNIQUE INDEX totals_kind ON vault.totals (kind);
  COMMENT ON TABLE vault.empty IS E'line\n\\.\n-- Name: y; Type: TABLE';
  GRANT USAGE ON SCHEMA vault TO "Odd Reader";
  GRANT SELECT, UPDATE (note) ON vault.items TO keeper;
  GRANT SELECT ON vault.fine TO "Odd Reader" WITH GRANT OPTION;
  GRANT INSERT ON "Odd ""Schema"."Odd; Table" TO "Odd Reader";
  REVOKE EXECUTE ON FUNCTION vault.headings() FROM public;
  ALTER TABLE vault.empty OWNER TO keeper;`;
