import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Client as MinioClient } from 'minio';
import type { Client } from 'pg';
import { DrillError } from '../domain/drill-error.ts';
import type {
  BackupFile,
  BackupManifest,
  Compression,
  DatabaseContent,
  RestorePoint,
  SequenceState,
} from '../domain/recovery.ts';
import type { PostgresServer } from '../domain/service.ts';
import { silentProgress, type Progress } from '../domain/timeline.ts';
import { objectClient } from '../stack/clients.ts';
import { backupKeys } from './backup-manifest.ts';
import type { BackupOptions } from './backup-options.ts';
import { requireCompression } from './compression.ts';
import { ofDatabase } from './database-error.ts';
import { observeDatabase } from './observe-database.ts';
import { everyRoleSettings } from './every-role-settings.ts';
import { observeSequences } from './observe-sequences.ts';
import { observeStatements } from './observe-statements.ts';
import { releasingLocks } from './releasing-locks.ts';
import { storeError } from './store-error.ts';
import { toolOutput } from './tool-output.ts';
import { uploadEncrypted } from './upload-encrypted.ts';

export interface BackupDatabaseOptions extends BackupOptions {
  source: PostgresServer;
  compression: Compression;
}

/**
 * Backs a database up into a store: dump and roles, compressed, encrypted, streamed, and the manifest last, so that a
 * backup without a manifest does not exist. Dump and observed content share one snapshot. When anything fails, or
 * `signal` aborts, what was stored is removed and the error is thrown.
 */
export async function backupDatabase(options: BackupDatabaseOptions): Promise<RestorePoint> {
  const { source, store, bucket, prefix = 'db/', compression, clock, progress = silentProgress } = options;
  const signal = options.signal ?? new AbortController().signal;
  await requireCompression(compression);
  const client = objectClient(store);
  const id = randomUUID();
  const keys = backupKeys(prefix, id, compression);
  const startedAt = clock.now();
  const startedMs = clock.monotonicMs();
  try {
    const facts = await dumpWithinSnapshot({ ...options, progress, signal }, client, keys.dump);
    const roles = await uploadRoles({ ...options, progress, signal }, client, keys.roles);
    const manifest: BackupManifest = {
      schemaVersion: 1,
      id,
      ...(options.setId !== undefined && { setId: options.setId }),
      database: source.connection.database,
      ...facts,
      roles,
      compression,
      recipient: options.recipient,
      startedAt: startedAt.toISOString(),
      finishedAt: clock.now().toISOString(),
      durationMs: Math.round(clock.monotonicMs() - startedMs),
    };
    signal.throwIfAborted();
    await client.putObject(bucket, keys.manifest, JSON.stringify(manifest));
    return { bucket, manifestKey: keys.manifest, manifest };
  } catch (error) {
    await Promise.allSettled(Object.values(keys).map((key) => client.removeObject(bucket, key)));
    if (signal.aborted) throw new DrillError({ code: 'interrupted', what: 'the backup was interrupted', cause: error });
    throw error instanceof DrillError ? error : storeError(error, `${bucket}/${prefix}`);
  }
}

type RunningOptions = BackupDatabaseOptions & { progress: Progress; signal: AbortSignal };
type SnapshotFacts = Pick<BackupManifest, 'dump' | 'content' | 'coveredAt' | 'lsn' | 'serverVersion'>;

/** Observes the content and takes the dump through the same snapshot, at the same time. */
async function dumpWithinSnapshot(options: RunningOptions, client: MinioClient, key: string): Promise<SnapshotFacts> {
  const { source, clock, progress, signal } = options;
  return ofDatabase(source.connection, 'be backed up', async (database) => {
    // What was committed until now is in the snapshot for certain: the instant is taken before it.
    const coveredAt = clock.now().toISOString();
    const { snapshot, lsn, serverVersion, encoding } = await beginSnapshot(database);
    progress.info(`snapshot at ${lsn}, covers ${coveredAt}`);
    const sequences = await observeSequences(releasingLocks(database));
    const failed = new AbortController();
    const either = { ...options, signal: AbortSignal.any([signal, failed.signal]) };
    const dumped = upload(either, client, key, 'pg_dump', [
      '--format=custom',
      '--compress=0',
      `--snapshot=${snapshot}`,
      // Bytes of rows are split at line feeds, which is safe in UTF-8, and in the bytes of any kind of SQL_ASCII, which
      // nobody could convert.
      `--encoding=${encoding === 'SQL_ASCII' ? encoding : 'UTF8'}`,
    ]);
    const observed = observeAll(either, database, sequences, snapshot).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    });
    const [dump, content] = await Promise.allSettled([dumped, observed]);
    // The observation's failure ends the dump, so it is the cause.
    if (content.status === 'rejected') throw content.reason;
    if (dump.status === 'rejected') throw dump.reason;
    return { dump: dump.value, content: content.value, coveredAt, lsn, serverVersion };
  });
}

/** The content, and beside it what pg_dump and pg_dumpall print, each by a connection of its own. */
async function observeAll(
  { source, signal }: RunningOptions,
  client: Client,
  sequences: SequenceState[],
  snapshot: string,
): Promise<DatabaseContent> {
  const printed = ofDatabase(source.connection, 'be backed up', (other) =>
    observeStatements(source, { client: other, snapshot, signal }),
  );
  const [content, statements] = await Promise.allSettled([observeDatabase(client, { sequences }), printed]);
  if (content.status === 'rejected') throw content.reason;
  if (statements.status === 'rejected') throw statements.reason;
  return { ...content.value, statements: statements.value };
}

/** The roles as pg_dumpall writes them, and the settings of every role, which it leaves out. */
async function uploadRoles(options: RunningOptions, client: MinioClient, key: string): Promise<BackupFile> {
  const { source, bucket, recipient, compression, progress, signal } = options;
  signal.throwIfAborted();
  const everyRole = await ofDatabase(source.connection, 'be backed up', everyRoleSettings);
  const roles = toolOutput(source.tool('pg_dumpall', ['--roles-only'], { signal }));
  const plain = Readable.from(
    (async function* both() {
      yield* roles as AsyncIterable<Buffer>;
      yield Buffer.from(everyRole);
    })(),
    { objectMode: false },
  );
  const upload = uploadEncrypted({ client, bucket, key, plain, compression, recipient, progress, signal });
  return upload.catch((error: unknown) => {
    throw storeError(error, `${bucket}/${key}`);
  });
}

interface Snapshot {
  snapshot: string;
  lsn: string;
  serverVersion: string;
  encoding: string;
}

async function beginSnapshot(client: Client): Promise<Snapshot> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { rows } = await client.query<Snapshot>(`
    SELECT pg_export_snapshot() AS snapshot, current_setting('server_version') AS "serverVersion",
      current_setting('server_encoding') AS encoding,
      (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text AS lsn`);
  const row = rows[0];
  if (!row) throw new DrillError({ code: 'internal', what: 'the snapshot query gave no row' });
  return row;
}

/** A tool's output, compressed and encrypted, into one object. */
async function upload(
  options: RunningOptions,
  client: MinioClient,
  key: string,
  name: 'pg_dump',
  args: string[],
): Promise<BackupFile> {
  const { source, bucket, recipient, compression, progress, signal } = options;
  signal.throwIfAborted();
  const plain = toolOutput(source.tool(name, args, { signal }));
  const upload = uploadEncrypted({ client, bucket, key, plain, compression, recipient, progress, signal });
  return upload.catch((error: unknown) => {
    throw storeError(error, `${bucket}/${key}`);
  });
}
