import type { Client } from 'minio';
import pLimit from 'p-limit';
import type { Clock } from '../domain/clock.ts';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { ObjectStoreAccess } from '../domain/service.ts';
import { silentProgress, type Progress } from '../domain/timeline.ts';
import { objectClient } from '../stack/clients.ts';
import { listObjects } from '../stack/list-objects.ts';
import { contentOpener } from './content-opener.ts';
import { readIdentity } from './decryption.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import type { OpenIdentity } from './age-header.ts';
import { makeBuckets, namesOf, requireContents, requireFreshBuckets } from './objects-before-restore.ts';
import type { ObjectEntry, ObjectsManifest, ObjectsRestorePoint, SkippedObject } from './objects-manifest.ts';
import { readContent, readWholeContent, requireKey } from './objects-open-content.ts';
import { memoryBytes } from './objects-take.ts';
import { headersOf } from './objects-source.ts';
import { putWhole } from './put-whole.ts';
import { isOfTheBackup } from './store-error.ts';
import { takeBackObjects } from './take-back-objects.ts';
import { objectsDiskFull } from './target-disk-full.ts';
import { fillFrom, partBytesFor, uploadParts } from './upload-parts.ts';

/** Part of the objects on their way that may be large: more of them are no faster, and a drill has 400 MB. */
const largeShare = 0.75;

export interface RestoreObjectsOptions {
  restorePoint: ObjectsRestorePoint;
  /** The backup store. */
  store: ObjectStoreAccess;
  /** The store to restore into. */
  target: ObjectStoreAccess;
  /** Bucket to restore a bucket into; default: the one of the same name. */
  targetOf?: (bucket: string) => string;
  /** The age secret key (`AGE-SECRET-KEY-1…`). */
  identity: string;
  /** Objects on their way at a time; default 8. Each holds up to 8 MiB in memory; of large ones, 32 MiB, fewer go at a time. */
  concurrency?: number;
  clock: Clock;
  progress?: Progress;
  signal?: AbortSignal;
}

export interface RestoredObjects {
  restorePoint: ObjectsRestorePoint;
  objects: number;
  sizeBytes: number;
  durationMs: number;
  /** Listed by the backup and not in it, so not restored either. */
  skipped: readonly SkippedObject[];
}

/**
 * Restores a backup of objects into fresh buckets: versioning, content types, metadata, tags and retention that has not
 * run out come back. No object appears before its content was held against the manifest's sha256. Ends with every
 * object in place, or throws with those named that are not: `backup-missing`, `backup-invalid`, `decryption-failed`
 * (these, as far as sizes and the key tell, before anything is written), `restore-failed`, `interrupted`. What a
 * `restore-failed` has written is removed again.
 */
export async function restoreObjects(options: RestoreObjectsOptions): Promise<RestoredObjects> {
  const { restorePoint, clock, targetOf = (name) => name } = options;
  const signal = options.signal ?? new AbortController().signal;
  const { manifest } = restorePoint;
  const [store, target] = [objectClient(options.store), objectClient(options.target)];
  const startedMs = clock.monotonicMs();
  let restored: number;
  try {
    signal.throwIfAborted();
    const identity = readIdentity(options.identity);
    await requireContents(store, restorePoint);
    const smallest = manifest.entries.toSorted((a, b) => a.sizeBytes - b.sizeBytes)[0];
    if (smallest) await requireKey(store, restorePoint, smallest, identity);
    const existing = await requireFreshBuckets(target, manifest.buckets, targetOf);
    try {
      await makeBuckets(target, manifest.buckets, targetOf, existing);
      restored = await restoreEntries({ ...options, targetOf, signal }, identity, [store, target]);
      await requireRestored(target, manifest, targetOf);
    } catch (error) {
      // What other contents of a damaged backup have brought back stays: it was verified, and the rest is named.
      if (signal.aborted || isOfTheBackup(error)) throw error;
      const { facts } = error instanceof DrillError ? error : restoreFailed(messageOf(error), error);
      const buckets = manifest.buckets.map(({ name }) => targetOf(name));
      const [bucket = ''] = buckets;
      const full = await objectsDiskFull(error, { access: options.target, bucket }, manifest);
      const hint = await takeBackObjects(target, buckets, existing);
      throw new DrillError({ ...(full ?? facts), hint });
    }
  } catch (cause) {
    if (signal.aborted) {
      throw new DrillError({ code: 'interrupted', what: 'the restore of the objects was interrupted', cause });
    }
    throw cause instanceof DrillError ? cause : restoreFailed(messageOf(cause), cause);
  }
  const { sizeBytes } = manifest.counts;
  const durationMs = clock.monotonicMs() - startedMs;
  return { restorePoint, objects: restored, sizeBytes, durationMs, skipped: manifest.skipped };
}

type EntriesOptions = RestoreObjectsOptions & Required<Pick<RestoreObjectsOptions, 'targetOf' | 'signal'>>;

/** Gives how many objects were restored. Goes on past contents that the backup does not have, and throws them together. */
async function restoreEntries(
  {
    restorePoint,
    identity: secretKey,
    clock,
    signal,
    targetOf,
    concurrency = 8,
    progress = silentProgress,
  }: EntriesOptions,
  identity: OpenIdentity,
  [store, target]: readonly [Client, Client],
): Promise<number> {
  const { manifest } = restorePoint;
  await using opener = contentOpener(secretKey, identity);
  const failed: { entry: ObjectEntry; error: DrillError }[] = [];
  let restored = 0;
  const largeAtATime = pLimit(Math.ceil(concurrency * largeShare));
  const restoreEntry = async (entry: ObjectEntry, either: AbortSignal): Promise<void> => {
    const bucket = targetOf(entry.bucket);
    either.throwIfAborted();
    if (entry.sizeBytes > memoryBytes) {
      await largeAtATime(async () => {
        either.throwIfAborted();
        const content = abortable(readContent(store, restorePoint, entry, identity), either);
        await uploadVerified(target, bucket, entry, content);
      });
    } else {
      const content = await readWholeContent(store, restorePoint, entry, opener);
      await putWhole(target, bucket, entry.key, content, headersOf(entry));
    }
    await putBeside(target, bucket, entry, clock);
    restored += 1;
    progress.advance(restored, manifest.entries.length, 'objects');
  };
  await forEachConcurrently(
    manifest.entries,
    concurrency,
    async (entry, either) => {
      try {
        await restoreEntry(entry, either);
      } catch (error) {
        if (either.aborted || !isOfTheBackup(error)) {
          throw error instanceof DrillError
            ? error
            : restoreFailed(`${entry.bucket}/${entry.key}: ${messageOf(error)}`, error);
        }
        // The others are brought back all the same, so that the whole damage is known at the end.
        failed.push({ entry, error });
      }
    },
    signal,
  );
  const lost = failed.map(({ entry }) => entry);
  if (failed[0]) throw incomplete(lost, manifest, failed[0].error);
  return restored;
}

/** A large content appears only when its upload, then verified, is completed. */
async function uploadVerified(
  client: Client,
  bucket: string,
  entry: ObjectEntry,
  content: AsyncGenerator<Buffer>,
): Promise<void> {
  const { key, sizeBytes } = entry;
  try {
    const partBytes = partBytesFor(sizeBytes);
    await uploadParts({ client, bucket, key, fill: fillFrom(content), partBytes, headers: headersOf(entry) });
  } finally {
    await content.return(undefined);
  }
}

/** Tags, retention and legal hold, which are put after the object. */
async function putBeside(client: Client, bucket: string, entry: ObjectEntry, clock: Clock): Promise<void> {
  const { key, tags, retention, legalHold } = entry;
  if (Object.keys(tags).length > 0) await client.setObjectTagging(bucket, key, tags);
  // A store refuses a protection that has run out.
  if (retention && Date.parse(retention.until) > clock.now().getTime()) {
    await client.putObjectRetention(bucket, key, retentionOf(retention));
  }
  // The client's type hides that it is a promise.
  if (legalHold) await (client.setObjectLegalHold(bucket, key, { status: 'ON' }) as unknown as Promise<void>);
}

function retentionOf({ mode, until }: NonNullable<ObjectEntry['retention']>): Retention {
  // The client's type asks for a version, the client itself does not: without one it is the newest.
  return { mode, retainUntilDate: until } as Retention;
}

type Retention = NonNullable<Parameters<Client['putObjectRetention']>[2]>;

async function* abortable(chunks: AsyncGenerator<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}

/** What is missing, surplus or of another size in the buckets that were restored. */
async function requireRestored(
  client: Client,
  { buckets, entries }: ObjectsManifest,
  targetOf: (bucket: string) => string,
): Promise<void> {
  const lines = (all: { key: string; sizeBytes: number }[]) =>
    new Set(all.map((o) => `${o.key} (${o.sizeBytes} bytes)`));
  for (const { name } of buckets) {
    const expected = lines(entries.filter(({ bucket }) => bucket === name));
    const actual = lines(await listObjects(client, targetOf(name)));
    const different = [...expected, ...actual].filter((line) => !expected.has(line) || !actual.has(line));
    if (different.length > 0) throw restoreFailed(`${targetOf(name)} differs: ${different.slice(0, 20).join(', ')}`);
  }
}

function incomplete(lost: ObjectEntry[], { entries }: ObjectsManifest, { facts }: DrillError): DrillError {
  return new DrillError({
    ...facts,
    what: `${lost.length} of ${entries.length} objects cannot be restored; ${facts.what}`,
    hint: namesOf(lost),
  });
}

function restoreFailed(actual: string, cause?: unknown): DrillError {
  return new DrillError({
    code: 'restore-failed',
    service: 'objects',
    what: 'the objects were not restored',
    expected: 'every object of the manifest in its bucket',
    actual,
    ...(cause !== undefined && { cause }),
  });
}
