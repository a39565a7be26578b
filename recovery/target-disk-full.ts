import prettyBytes from 'pretty-bytes';
import { DrillError, messageOf, type DrillErrorFacts } from '../domain/drill-error.ts';
import type { BackupManifest } from '../domain/recovery.ts';
import type { SearchBackupManifest } from '../domain/search-backup.ts';
import type { ObjectStoreAccess, PostgresServer } from '../domain/service.ts';
import { objectClient } from '../stack/clients.ts';
import { saysDiskFull } from '../stack/full-disk.ts';
import type { ObjectsManifest } from './objects-manifest.ts';
import { putWhole } from './put-whole.ts';
import { codeOf, isOfTheBackup } from './store-error.ts';

/** Lines of a server's log that are looked at for the reason of its end. */
const logLines = 60;

/**
 * The facts of a restore that failed because the disk of the database server is full; `undefined` when it failed
 * otherwise. A server whose log has no room ends its sessions without a reason, and tells it in its log.
 */
export async function databaseDiskFull(
  error: unknown,
  target: PostgresServer,
  { content, dump }: BackupManifest,
): Promise<DrillErrorFacts | undefined> {
  if (isOfTheBackup(error)) return undefined;
  const words = wordsOf(error) ?? (await wordsOfLog(target));
  if (words === undefined) return undefined;
  const { database, host, port } = target.connection;
  const tables = Object.values(content.tables);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0).toLocaleString('en');
  return {
    code: 'restore-failed',
    service: 'postgres',
    what: 'the disk of the database server is too small for the backup',
    expected: `room for ${rows} rows in ${tables.length} tables, of a dump of ${prettyBytes(dump.sizeBytes)} compressed`,
    actual: words,
    where: `postgres, database ${database} at ${host}:${port}`,
    cause: error,
  };
}

/** What is written at most to hear whether a store has room. */
const askedBytesMax = 64 * 1024 ** 2;

/** Likewise of the object store that objects are restored into; `bucket` is one that the restore has made there. */
export async function objectsDiskFull(
  error: unknown,
  { access, bucket }: { access: ObjectStoreAccess; bucket: string },
  { counts }: ObjectsManifest,
): Promise<DrillErrorFacts | undefined> {
  const words =
    wordsOf(error) ?? (failedInside(error) ? await askForRoom(access, bucket, counts.sizeBytes) : undefined);
  if (words === undefined) return undefined;
  return {
    code: 'restore-failed',
    service: 'objects',
    what: 'the disk of the object store is too small for the backup',
    expected: `room for ${counts.objects.toLocaleString('en')} objects of ${prettyBytes(counts.sizeBytes)}`,
    actual: words,
    where: `objects at ${access.endpoint}:${access.port}`,
    cause: error,
  };
}

/** The store has failed and does not say why, as MinIO does whose disk fills up while it writes. */
function failedInside(error: unknown): boolean {
  return /HTTP status: 5\d\d|InternalError/.test(messageOf(error));
}

/** What the store answers to a write of that size; `undefined` where it takes it. The object goes with its bucket. */
async function askForRoom(access: ObjectStoreAccess, bucket: string, sizeBytes: number): Promise<string | undefined> {
  const asked = Buffer.alloc(Math.min(sizeBytes, askedBytesMax));
  const answer: unknown = await putWhole(objectClient(access), bucket, '.firedrill-room', asked).catch(
    (error: unknown) => error,
  );
  return wordsOf(answer);
}

/** Likewise of the new search server, which has ended in its import. */
export function searchDiskFull(
  error: unknown,
  role: string,
  backup: SearchBackupManifest,
): DrillErrorFacts | undefined {
  return searchHasNoRoom(error, backup, {
    what: 'the disk of the new search server is too small for the backup',
    where: `search (${role})`,
    hint: 'Nothing of the backup was left: the new server was removed with its data.',
  });
}

/** Likewise of the machine itself: a folder into which a backup is fetched has no room for it. */
export function folderDiskFull(
  error: unknown,
  folder: string,
  backup: SearchBackupManifest,
): DrillErrorFacts | undefined {
  return searchHasNoRoom(error, backup, {
    what: 'this machine has no room to fetch the backup of the search server',
    where: folder,
    hint: 'Nothing of it was left, and no server was started.',
  });
}

function searchHasNoRoom(
  error: unknown,
  backup: SearchBackupManifest,
  place: Pick<DrillErrorFacts, 'what' | 'where' | 'hint'>,
): DrillErrorFacts | undefined {
  const actual = wordsOf(error);
  if (actual === undefined) return undefined;
  return {
    code: 'restore-failed',
    service: 'search',
    ...place,
    expected: `room for ${sizeOf(backup)}`,
    actual,
    cause: error,
  };
}

/** What an error says of a full disk: it itself, the log that it quotes, or what it was caused by. */
function wordsOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return textsOf(error).find(saysDiskFull) ?? wordsOf(error.cause);
}

function textsOf(error: Error): string[] {
  if (!(error instanceof DrillError)) return [[codeOf(error), messageOf(error)].filter(Boolean).join(': ')];
  const { what, actual = '', hint = '' } = error.facts;
  return [`${what}: ${actual}`, ...hint.split('\n').map((line) => line.trim())];
}

function sizeOf({ kind, file, state }: SearchBackupManifest): string {
  const indexes = Object.values(state.indexes);
  const documents = indexes.reduce((sum, index) => sum + index.documents, 0).toLocaleString('en');
  return `${documents} documents in ${indexes.length} indexes, of a ${kind} of ${prettyBytes(file.sizeBytes)} compressed`;
}

async function wordsOfLog(target: PostgresServer): Promise<string | undefined> {
  // Other lines of it may quote rows.
  const errors = [...(await target.logTail(logLines)).matchAll(/\b(?:PANIC|FATAL|ERROR): .*$/gm)].map(([line]) => line);
  return errors.findLast(saysDiskFull);
}
