import type { Client } from 'pg';
import type { Clock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import { largeObjects, type LargeObjectRule, type TablePlan, type TableShape } from '../domain/masking.ts';
import type { RecoveryResult, RestorePoint } from '../domain/recovery.ts';
import type { ObjectStoreAccess, PostgresServer } from '../domain/service.ts';
import { silentProgress, type Progress } from '../domain/timeline.ts';
import { connectPostgres, objectClient } from '../stack/clients.ts';
import type { RestoredArchive } from './archive-restore.ts';
import { requireCompression } from './compression.ts';
import { makeLocaleOf } from './database-locale.ts';
import { allOrFirstFailure } from './first-failure.ts';
import { readArtefact, requireStored } from './read-artefact.ts';
import { restoreByBlocks } from './restore-by-blocks.ts';
import { restoreByScript } from './restore-by-script.ts';
import { restoreRoles } from './restore-roles.ts';
import { databaseDiskFull } from './target-disk-full.ts';
import { requireEmptyDatabase, takeBackDatabase, type EmptyDatabase } from './take-back-database.ts';

export interface RestoreOptions {
  restorePoint: RestorePoint;
  store: ObjectStoreAccess;
  /** The age secret key (`AGE-SECRET-KEY-1…`). */
  identity: string;
  /** A server with a fresh, empty database of the same name. */
  target: PostgresServer;
  /** `without-passwords`: nobody can log in by a password of the backup. */
  roles: 'all' | 'without-passwords';
  /** What happens to the rows of each table on their way; default: all are loaded. */
  plan?: (shape: TableShape) => TablePlan;
  /** With a plan: what the copy has of large objects; default: none of them. Without one all are restored. */
  largeObjects?: LargeObjectRule;
  /** Called when the tables are there and no row is yet. */
  beforeRows?: (client: Client) => Promise<void>;
  clock: Clock;
  progress?: Progress;
  signal?: AbortSignal;
}

/**
 * Restores a backup into a fresh server: roles, schema, rows, then everything that is built on rows. It is streamed
 * from the store; its sha256 is held against the manifest on the way. Ends complete or throws: `backup-missing`,
 * `backup-invalid`, `decryption-failed`, `restore-failed`, `interrupted`. Nothing half-written stays: after an error the
 * target's database is empty as before, or the server is gone where it could not do that any more.
 */
export async function restoreDatabase(options: RestoreOptions): Promise<RecoveryResult> {
  const { restorePoint, target, clock, progress = silentProgress } = options;
  const { manifest } = restorePoint;
  const startedMs = clock.monotonicMs();
  try {
    options.signal?.throwIfAborted();
    requireSameName(manifest.database, target);
    await requireCompression(manifest.compression);
    const client = objectClient(options.store);
    for (const file of [manifest.roles, manifest.dump]) await requireStored(client, restorePoint.bucket, file);
    const before = await requireEmptyDatabase(target);
    if (manifest.content.locale) await makeLocaleOf(target, manifest.content.locale);
    const restored = await restoreOrTakeBack({ ...options, progress }, before);
    return { restorePoint, durationMs: clock.monotonicMs() - startedMs, ...restored };
  } catch (error) {
    if (!options.signal?.aborted) throw error;
    throw new DrillError({ code: 'interrupted', what: 'the restore was interrupted', cause: error });
  }
}

async function restoreOrTakeBack(
  options: RestoreOptions & { progress: Progress },
  before: EmptyDatabase,
): Promise<RestoredArchive> {
  const { target, restorePoint } = options;
  try {
    await using sessions = await openSessions(target, options.signal);
    const restored = await restoreDump(options, sessions);
    requireAllRows(options, restored);
    return restored;
  } catch (error) {
    // Before it is taken away with its server, which tells why in its log.
    const failure = await databaseDiskFull(error, target, restorePoint.manifest);
    const hint = await takeBackDatabase(target, before);
    throw failure ? new DrillError({ ...failure, hint }) : error;
  }
}

interface Sessions extends AsyncDisposable {
  readonly clients: [Client, Client];
  /** Aborts with the caller's signal and with `abort`; then the connections are gone. */
  readonly signal: AbortSignal;
  abort: (reason: unknown) => void;
}

/** One connection loads rows, the other one builds indexes meanwhile. */
async function openSessions(target: PostgresServer, outer: AbortSignal | undefined): Promise<Sessions> {
  const controller = new AbortController();
  const signal = outer ? AbortSignal.any([outer, controller.signal]) : controller.signal;
  const first = await connectPostgres(target.connection);
  const second = await connectPostgres(target.connection).catch(async (error: unknown) => {
    await first.end();
    throw error;
  });
  // Ending a client that is busy cuts its connection.
  const end = async (): Promise<void> => {
    await Promise.allSettled([first.end(), second.end()]);
  };
  signal.addEventListener('abort', () => void end(), { once: true });
  return {
    clients: [first, second],
    signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.asyncDispose]: end,
  };
}

/**
 * Roles and dump. The roles are made while the dump is being opened. Reads the rows itself where it can, and leaves to
 * pg_restore what only that can read.
 */
async function restoreDump(
  options: RestoreOptions & { progress: Progress },
  sessions: Sessions,
): Promise<RestoredArchive> {
  const { restorePoint, store, identity, target, plan, beforeRows, progress } = options;
  const rule = plan && (options.largeObjects ?? { kind: 'drop' });
  const { dump: file, compression, content } = restorePoint.manifest;
  const tables = Object.keys(content.tables).length;
  let loaded = 0;
  const source = { store, bucket: restorePoint.bucket, file, compression, identity };
  const onBytes = (sizeBytes: number): void => progress.advance(sizeBytes, file.sizeBytes, 'bytes');
  const archiveOptions = {
    clients: sessions.clients,
    ...(plan && { plan }),
    ...(rule && { largeObjects: rule }),
    ...(beforeRows && { beforeRows }),
    onTable: () => progress.advance((loaded += 1), tables, 'tables'),
  };
  const rolesMade = makeRoles(options, sessions);
  const job = {
    ...source,
    connection: target.connection,
    skipsLargeObjects: rule !== undefined && rule.kind !== 'keep',
  };
  const byBlocks = restoreByBlocks(job, target, { ...archiveOptions, rolesMade, onBytes }, sessions);
  const [restored] = await allOrFirstFailure([byBlocks, rolesMade], sessions.abort);
  if (!('unknown' in restored)) return restored;
  progress.info(`the archive is read by pg_restore: ${restored.unknown}`);
  await using artefact = await readArtefact({ client: objectClient(store), ...source, onBytes });
  // Awaited here: a promise that is returned as it is would close the backup before it was read.
  return await restoreByScript(artefact.chunks(), target, archiveOptions, sessions);
}

async function makeRoles(options: RestoreOptions & { progress: Progress }, { clients }: Sessions): Promise<void> {
  const { store, restorePoint, identity, progress } = options;
  const { bucket, manifest } = restorePoint;
  await using artefact = await readArtefact({
    client: objectClient(store),
    bucket,
    file: manifest.roles,
    compression: manifest.compression,
    identity,
  });
  const script = Buffer.concat(await Array.fromAsync(artefact.chunks())).toString('utf8');
  await restoreRoles(clients[0], script, options);
  progress.info('roles restored');
}

function requireSameName(expected: string, { connection: { database } }: PostgresServer): void {
  if (database === expected) return;
  throw new DrillError({
    code: 'restore-failed',
    service: 'postgres',
    what: 'the backup is of another database',
    expected: `a target database named ${expected}`,
    actual: database,
    hint: 'Settings and grants of a database are restored by its name.',
  });
}

/** What the manifest counted is there. With a plan the tables may have fewer rows on purpose. */
function requireAllRows({ restorePoint, plan }: RestoreOptions, { rowsLoaded }: RestoredArchive): void {
  if (plan) return;
  const { tables } = restorePoint.manifest.content;
  const expected = Object.entries(tables).reduce(
    (sum, [name, { rows }]) => (name === largeObjects ? sum : sum + rows),
    0,
  );
  if (rowsLoaded === expected) return;
  throw new DrillError({
    code: 'restore-failed',
    service: 'postgres',
    what: 'the restore does not have all rows',
    expected: `${expected.toLocaleString('en')} rows, as the manifest says`,
    actual: `${rowsLoaded.toLocaleString('en')} rows`,
  });
}
