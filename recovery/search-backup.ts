import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { DrillError } from '../domain/drill-error.ts';
import type { BackupFile, Compression } from '../domain/recovery.ts';
import type { SearchBackupKind, SearchBackupManifest, SearchRestorePoint } from '../domain/search-backup.ts';
import type { SearchServer } from '../domain/service.ts';
import { silentProgress } from '../domain/timeline.ts';
import { objectClient, searchClient } from '../stack/clients.ts';
import type { BackupOptions } from './backup-options.ts';
import { requireCompression } from './compression.ts';
import { searchBackupKeys } from './search-manifest.ts';
import { saveQuietly } from './search-quiet.ts';
import { storeError } from './store-error.ts';
import { uploadEncrypted } from './upload-encrypted.ts';

export interface SearchBackupOptions extends BackupOptions {
  source: SearchServer;
  kind: SearchBackupKind;
  compression: Compression;
  /** How long a moment is waited for in which nothing is written; default two minutes. */
  quietTimeoutMs?: number;
}

/**
 * Backs a search server up into a store: has it write a dump or a snapshot, streams that file out of its data,
 * compressed and encrypted, and writes the manifest last, so that a backup without a manifest does not exist. The
 * digests of the keys' secrets are a file of their own, encrypted. When anything fails, or `signal` aborts, what was
 * stored is removed and the error is thrown (`tool-failed`, `service-unreachable`, `interrupted`). The server keeps its
 * file.
 */
export async function backUpSearch(options: SearchBackupOptions): Promise<SearchRestorePoint> {
  const { source, kind, bucket, prefix = 'search/', compression, recipient, clock } = options;
  const { progress = silentProgress, signal = new AbortController().signal } = options;
  await requireCompression(compression);
  const client = objectClient(options.store);
  const id = randomUUID();
  const keys = searchBackupKeys(prefix, id, kind, compression);
  const startedAt = clock.now();
  const startedMs = clock.monotonicMs();
  try {
    signal.throwIfAborted();
    const { quietTimeoutMs: timeoutMs } = options;
    const saved = await saveQuietly(source.access, kind, {
      clock,
      signal,
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    progress.info(`${kind} ${saved.path} written, covers ${saved.coveredAt}`);
    const upload = (key: string, plain: Readable): Promise<BackupFile> =>
      uploadEncrypted({ client, bucket, key, plain, compression, recipient, progress, signal });
    const file = await upload(keys.file, await source.readFile(saved.path));
    const keySecrets = await upload(
      keys.keySecrets,
      Readable.from([Buffer.from(JSON.stringify(saved.holding.secrets))]),
    );
    const manifest: SearchBackupManifest = {
      schemaVersion: 1,
      id,
      ...(options.setId !== undefined && { setId: options.setId }),
      kind,
      file,
      keySecrets,
      compression,
      recipient,
      coveredAt: saved.coveredAt,
      startedAt: startedAt.toISOString(),
      finishedAt: clock.now().toISOString(),
      durationMs: Math.round(clock.monotonicMs() - startedMs),
      serverVersion: (await searchClient(source.access).getVersion()).pkgVersion,
      state: saved.holding.state,
    };
    signal.throwIfAborted();
    await client.putObject(bucket, keys.manifest, JSON.stringify(manifest));
    return { bucket, manifestKey: keys.manifest, manifest };
  } catch (error) {
    await Promise.allSettled(Object.values(keys).map((key) => client.removeObject(bucket, key)));
    throw backupError(error, signal, `${bucket}/${prefix}`);
  }
}

function backupError(error: unknown, signal: AbortSignal, where: string): DrillError {
  if (signal.aborted) {
    const what = 'the backup of the search server was interrupted';
    return new DrillError({ code: 'interrupted', service: 'search', what, cause: error });
  }
  if (error instanceof DrillError) return error;
  if (!(error instanceof Error) || !error.name.startsWith('Meilisearch')) return storeError(error, where);
  return new DrillError({
    code: 'service-unreachable',
    service: 'search',
    what: 'the search server did not answer as it should',
    expected: 'its documents, settings and keys, and a task that ends',
    actual: error.message,
    hint: 'Where it says that it is healthy, its index files may be damaged: restore an earlier backup.',
    cause: error,
  });
}
