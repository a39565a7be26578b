import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DrillError } from '../domain/drill-error.ts';
import type { BackupFile } from '../domain/recovery.ts';
import type { SearchKeySecrets, SearchRestorePoint } from '../domain/search-backup.ts';
import type { ObjectStoreAccess } from '../domain/service.ts';
import { silentProgress, type Progress } from '../domain/timeline.ts';
import { objectClient } from '../stack/clients.ts';
import { requireCompression } from './compression.ts';
import { readArtefact, requireStored } from './read-artefact.ts';
import { inspectSearchFile, type SearchFileFacts } from './search-file.ts';
import { parseKeySecrets } from './search-manifest.ts';
import { folderDiskFull } from './target-disk-full.ts';

export interface SearchFetchOptions {
  restorePoint: SearchRestorePoint;
  store: ObjectStoreAccess;
  /** The age secret key (`AGE-SECRET-KEY-1…`). */
  identity: string;
  progress?: Progress;
  signal?: AbortSignal;
}

/** A backup that was read whole: what its file says of itself, and the digests of the keys' secrets. */
export interface FetchedSearchBackup {
  facts: SearchFileFacts;
  secrets: SearchKeySecrets;
}

/**
 * Fetches the file of a backup to `path`, plain, and holds size and sha256 against the manifest on the way; then reads
 * it to its end as the archive it should be. Throws `backup-missing`, `backup-invalid` or `decryption-failed`.
 */
export async function fetchSearchBackup(options: SearchFetchOptions, path: string): Promise<FetchedSearchBackup> {
  const { restorePoint, progress = silentProgress, signal } = options;
  const { bucket, manifest } = restorePoint;
  await requireCompression(manifest.compression);
  const client = objectClient(options.store);
  for (const file of [manifest.file, manifest.keySecrets]) await requireStored(client, bucket, file);
  const { compression } = manifest;
  const open = (file: BackupFile) => readArtefact({ client, bucket, file, compression, identity: options.identity });
  await using keySecrets = await open(manifest.keySecrets);
  const secrets = parseKeySecrets(Buffer.concat(await Array.fromAsync(keySecrets.chunks())).toString('utf8'));
  const where = `${bucket}/${manifest.file.key}`;
  if (secrets === undefined) throw invalid('digests of the secrets of keys', 'something else', where);
  await using artefact = await open(manifest.file);
  const target = createWriteStream(path, { mode: 0o600 });
  const plain = Readable.from(artefact.chunks(), { objectMode: false });
  await pipeline(plain, target, signal ? { signal } : {}).catch((cause: unknown) => {
    const full = folderDiskFull(cause, dirname(path), manifest);
    throw full ? new DrillError(full) : cause;
  });
  progress.advance(manifest.file.sizeBytes, manifest.file.sizeBytes, 'bytes');
  return { facts: await inspectSearchFile(path, manifest.kind, where), secrets };
}

function invalid(expected: string, actual: string, where: string): DrillError {
  const what = 'the backup is not what its manifest describes';
  return new DrillError({ code: 'backup-invalid', service: 'backups', what, expected, actual, where });
}
