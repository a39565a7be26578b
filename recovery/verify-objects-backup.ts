import type { ObjectStoreAccess } from '../domain/service.ts';
import { DrillError } from '../domain/drill-error.ts';
import { silentProgress, type Progress } from '../domain/timeline.ts';
import { objectClient } from '../stack/clients.ts';
import { readIdentity } from './decryption.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import type { ObjectEntry, ObjectsRestorePoint } from './objects-manifest.ts';
import { readContent } from './objects-open-content.ts';

export interface VerifyObjectsBackupOptions {
  restorePoint: ObjectsRestorePoint;
  /** The backup store. */
  store: ObjectStoreAccess;
  /** The age secret key (`AGE-SECRET-KEY-1…`). */
  identity: string;
  /** Contents on their way at a time; default 8. */
  concurrency?: number;
  progress?: Progress;
  signal?: AbortSignal;
}

/** What the backup store gives back of a backup of objects. */
export interface ObjectsBackupObservation {
  objects: number;
  /** Of the objects, without encryption. */
  sizeBytes: number;
  /** Contents that were read; objects with the same bytes share one. */
  contents: number;
  /** `bucket/key: why`, for each object that could not be restored; by name. */
  unrestorable: string[];
}

/**
 * Reads every content of a backup of objects back, decrypts it and holds it against the manifest's sha256; nothing is
 * kept. What is missing, cut or changed is named, whatever else throws: `service-unreachable`, `interrupted`.
 */
export async function verifyObjectsBackup(options: VerifyObjectsBackupOptions): Promise<ObjectsBackupObservation> {
  const { restorePoint, store, concurrency = 8, progress = silentProgress } = options;
  const { entries, counts } = restorePoint.manifest;
  const signal = options.signal ?? new AbortController().signal;
  const [client, identity] = [objectClient(store), readIdentity(options.identity)];
  const contents = [...Map.groupBy(entries, ({ sha256 }) => sha256).values()];
  const unrestorable: string[] = [];
  let done = 0;
  await forEachConcurrently(
    contents,
    concurrency,
    async (sharing, either) => {
      const why = await problemOf(readContent(client, restorePoint, sharing[0] as ObjectEntry, identity), either);
      if (why !== undefined) unrestorable.push(...sharing.map(({ bucket, key }) => `${bucket}/${key}: ${why}`));
      done += 1;
      progress.advance(done, contents.length, 'contents');
    },
    signal,
  );
  return {
    objects: entries.length,
    sizeBytes: counts.sizeBytes,
    contents: contents.length,
    unrestorable: unrestorable.sort(),
  };
}

/** Why a content cannot be restored; nothing where it can. */
async function problemOf(content: AsyncIterable<Buffer>, signal: AbortSignal): Promise<string | undefined> {
  try {
    for await (const _chunk of content) signal.throwIfAborted();
    return undefined;
  } catch (error) {
    if (!(error instanceof DrillError) || !damageCodes.has(error.code)) throw error;
    return error.facts.actual ?? error.facts.what;
  }
}

const damageCodes = new Set(['backup-missing', 'backup-invalid', 'decryption-failed']);
