import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { ArchiveContent, DatabaseBackupObservation, RestorePoint } from '../domain/recovery.ts';
import type { ObjectStoreAccess, PostgresServer } from '../domain/service.ts';
import { silentProgress, type Progress } from '../domain/timeline.ts';
import { objectClient } from '../stack/clients.ts';
import { allOrFirstFailure } from './first-failure.ts';
import { countRows, listEntries } from './archive-content.ts';
import { tableKey } from './load-rows.ts';
import { openArchive } from './open-archive.ts';
import { readArtefact } from './read-artefact.ts';
import { largeObjects } from '../domain/masking.ts';

export interface VerifyOptions {
  restorePoint: RestorePoint;
  store: ObjectStoreAccess;
  /** The age secret key (`AGE-SECRET-KEY-1…`). */
  identity: string;
  /** A server beside which pg_restore runs; nothing is written to it and nothing read from it. */
  server: PostgresServer;
  progress?: Progress;
  signal?: AbortSignal;
}

/**
 * Reads a backup whole, as a restore would: size and sha256, decryption, decompression to the end, the archive's
 * contents, and the rows of every table, counted against the manifest. What is wrong with the backup is among the problems of
 * the observation. Throws `decryption-failed` for a wrong key, `service-unreachable` and `interrupted`, which say nothing of
 * the backup.
 */
export async function verifyBackup(options: VerifyOptions): Promise<DatabaseBackupObservation> {
  const observation: DatabaseBackupObservation = { problems: [] };
  const read = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (options.signal?.aborted) {
        throw new DrillError({
          code: 'interrupted',
          what: 'the verification of the backup was interrupted',
          cause: error,
        });
      }
      if (!saysSomethingOfTheBackup(error)) throw error;
      observation.problems.push(messageOf(error));
    }
  };
  await read(() => readRoles(options, observation));
  await read(() => readDump(options, observation));
  if (observation.content) observation.problems.push(...rowDifferences(options.restorePoint, observation.content));
  return observation;
}

function saysSomethingOfTheBackup(error: unknown): boolean {
  return error instanceof DrillError && ['backup-invalid', 'backup-missing', 'restore-failed'].includes(error.code);
}

async function readRoles(
  { store, restorePoint, identity }: VerifyOptions,
  observation: DatabaseBackupObservation,
): Promise<void> {
  const { bucket, manifest } = restorePoint;
  const { roles: file, compression } = manifest;
  await using artefact = await readArtefact({ client: objectClient(store), bucket, file, compression, identity });
  let sizeBytes = 0;
  for await (const chunk of artefact.chunks()) sizeBytes += chunk.length;
  observation.rolesBytes = sizeBytes;
}

async function readDump(options: VerifyOptions, observation: DatabaseBackupObservation): Promise<void> {
  const { store, restorePoint, identity, server, progress = silentProgress } = options;
  const { dump: file, compression } = restorePoint.manifest;
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  await using artefact = await readArtefact({
    client: objectClient(store),
    bucket: restorePoint.bucket,
    file,
    compression,
    identity,
    onBytes: (sizeBytes) => progress.advance(sizeBytes, file.sizeBytes, 'bytes'),
  });
  const archive = openArchive(artefact.chunks(), server, signal, {
    body: ['--verbose', '--file=-', '--section=pre-data', '--section=data'],
    head: ['--list'],
    readHead: listEntries,
  });
  const [rows, entries] = await allOrFirstFailure(
    [countRows(archive.output, archive.contents), archive.head, archive.completed],
    (reason) => failure.abort(reason),
  );
  observation.content = { entries, rows };
  observation.stored = await artefact.stored;
}

function rowDifferences({ manifest }: RestorePoint, { rows }: ArchiveContent): string[] {
  const tables = Object.entries(manifest.content.tables).filter(([name]) => name !== largeObjects);
  const missing = tables
    .filter(([name, { rows: expected }]) => (rows.get(tableKey(name)) ?? 0) !== expected)
    .map(
      ([name, { rows: expected }]) =>
        `${name}: the manifest counts ${expected} rows, the dump has ${rows.get(tableKey(name)) ?? 'none'}`,
    );
  const known = new Set(tables.map(([name]) => tableKey(name)));
  const surplus = [...rows.keys()].filter((name) => !known.has(name)).map((name) => `${name}: not in the manifest`);
  return [...missing, ...surplus];
}
