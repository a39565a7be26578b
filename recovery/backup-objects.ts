import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'minio';
import { DrillError } from '../domain/drill-error.ts';
import type { ObjectStoreAccess } from '../domain/service.ts';
import { silentProgress } from '../domain/timeline.ts';
import { objectClient } from '../stack/clients.ts';
import { listObjects, type ListedObject } from '../stack/list-objects.ts';
import { openRecipient, type OpenRecipient } from './age-header.ts';
import { headersAhead } from './age-headers-ahead.ts';
import type { BackupOptions } from './backup-options.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import { isMissingObject, objectStoreError } from './object-store-error.ts';
import { openContents, type Contents } from './objects-contents.ts';
import type {
  BucketEntry,
  ObjectEntry,
  ObjectsManifest,
  ObjectsRestorePoint,
  SkippedObject,
} from './objects-manifest.ts';
import { headObject, takeObject } from './objects-take.ts';
import { observeBucket, readTags } from './objects-source.ts';
import { objectsManifestKey } from './objects-restore-points.ts';
import { storeError } from './store-error.ts';

export interface BackupObjectsOptions extends BackupOptions {
  /** The store whose objects are backed up. Only the newest version of each is. */
  source: ObjectStoreAccess;
  buckets: readonly string[];
  /** Folder of the run: a large content lies there, encrypted, until its sha256 is known. */
  folder: string;
  /** The backup before this one: what is as it was then is not read again. */
  previous?: ObjectsManifest;
  /** Objects on their way at a time; default 8. Each holds up to 8 MiB, or 32 MiB of a large one, in memory. */
  concurrency?: number;
}

/**
 * Backs the objects of buckets up: contents encrypted under their sha256, each written once, and the manifest last, so
 * that a backup without a manifest does not exist. Everything acknowledged before `coveredAt` is in it; an object that
 * changed while it ran is in it in one of its later states, whole; what vanished is named in `skipped`. Contents that an
 * interrupted backup has written stay: they are whole, and the next backup uses them. Throws `service-unreachable`,
 * `backup-missing` (no such bucket in the backup store), `configuration` and `interrupted`.
 */
export async function backupObjects(options: BackupObjectsOptions): Promise<ObjectsRestorePoint> {
  const { store, bucket, prefix = 'objects/', recipient, clock, concurrency = 8 } = options;
  const signal = options.signal ?? new AbortController().signal;
  const progress = options.progress ?? silentProgress;
  const [source, target] = [objectClient(options.source), objectClient(store)];
  const startedAt = clock.now();
  const startedMs = clock.monotonicMs();
  const folder = await mkdtemp(join(options.folder, 'objects-'));
  try {
    signal.throwIfAborted();
    const opened = await openRecipient(recipient);
    const buckets: BucketEntry[] = [];
    const work: { bucket: string; listed: ListedObject }[] = [];
    for (const name of options.buckets) {
      const listing = await listBucket(source, name);
      buckets.push(listing.bucket);
      work.push(...listing.objects.map((listed) => ({ bucket: name, listed })));
    }
    // The thread costs a tenth of a second to begin with.
    await using ahead = work.length < manyObjects ? undefined : headersAhead(recipient, opened);
    const sealing = ahead ?? opened;
    const contents = await openContents(target, { bucket, prefix, recipient, opened: sealing }).catch(
      (error: unknown) => {
        throw storeError(error, `${bucket}/${prefix}`);
      },
    );
    const taken: Taken = {
      entries: [],
      skipped: [],
      objectsRead: 0,
      readBytes: 0,
      contentsWritten: 0,
      writtenBytes: 0,
    };
    const before = new Map((options.previous?.entries ?? []).map((entry) => [nameOf(entry.bucket, entry.key), entry]));
    await forEachConcurrently(
      work,
      concurrency,
      async (item, either) => {
        const entry = before.get(nameOf(item.bucket, item.listed.key));
        const reused = entry && (await reuse(source, item.listed, entry, contents));
        if (reused) taken.entries.push(reused);
        else await take({ source, folder, recipient: sealing, contents, bucket, signal: either }, item, taken);
        progress.advance(taken.entries.length + taken.skipped.length, work.length, 'objects');
      },
      signal,
    );
    const manifest: ObjectsManifest = {
      schemaVersion: 1,
      kind: 'objects',
      id: randomUUID(),
      ...(options.setId !== undefined && { setId: options.setId }),
      recipient,
      // Whatever was acknowledged until then was there when the listing began.
      coveredAt: startedAt.toISOString(),
      startedAt: startedAt.toISOString(),
      finishedAt: clock.now().toISOString(),
      durationMs: Math.round(clock.monotonicMs() - startedMs),
      buckets,
      ...summary(taken),
    };
    const manifestKey = objectsManifestKey(prefix, manifest.id);
    signal.throwIfAborted();
    await target.putObject(bucket, manifestKey, JSON.stringify(manifest)).catch((error: unknown) => {
      throw storeError(error, `${bucket}/${manifestKey}`);
    });
    return { bucket, prefix, manifestKey, manifest };
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new DrillError({ code: 'interrupted', what: 'the backup of the objects was interrupted', cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** From so many on, what is made ahead for them is worth its thread. */
const manyObjects = 1_000;

interface Taken {
  entries: ObjectEntry[];
  skipped: SkippedObject[];
  objectsRead: number;
  readBytes: number;
  contentsWritten: number;
  writtenBytes: number;
}

interface TakeOptions {
  source: Client;
  folder: string;
  recipient: OpenRecipient;
  contents: Contents;
  bucket: string;
  signal: AbortSignal;
}

async function listBucket(source: Client, name: string): Promise<{ bucket: BucketEntry; objects: ListedObject[] }> {
  try {
    return { bucket: await observeBucket(source, name), objects: await listObjects(source, name) };
  } catch (error) {
    throw objectStoreError(error, name);
  }
}

/** The entry of the backup before, with metadata and tags as they are now, where the content is surely the same. */
async function reuse(
  source: Client,
  listed: ListedObject,
  entry: ObjectEntry,
  contents: Contents,
): Promise<ObjectEntry | undefined> {
  const same =
    entry.etag === listed.etag &&
    entry.sizeBytes === listed.sizeBytes &&
    Date.parse(entry.lastModified) === listed.lastModified.getTime();
  if (!same || !contents.has(entry.sha256, entry.sizeBytes)) return undefined;
  const { bucket, key, sizeBytes, sha256, storedBytes, lastModified } = entry;
  try {
    // Tags and retention change without a trace in the listing, so the headers are asked for.
    const { tagCount, lastModified: _seconds, ...now } = await headObject(source, bucket, key);
    if (now.etag !== entry.etag || now.sizeBytes !== sizeBytes || now.versionId !== entry.versionId) return undefined;
    const tags = tagCount > 0 ? await readTags(source, bucket, key, now.versionId) : {};
    return { ...now, bucket, key, sizeBytes, sha256, storedBytes, tags, lastModified };
  } catch (error) {
    // Reading it will say that it is gone.
    if (isMissingObject(error)) return undefined;
    throw objectStoreError(error, `${bucket}/${key}`);
  }
}

async function take(options: TakeOptions, item: { bucket: string; listed: ListedObject }, taken: Taken): Promise<void> {
  const { source: client, folder, recipient, contents, signal } = options;
  const read = await takeObject({ client, ...item, folder, fileName: randomUUID(), recipient, signal });
  if (typeof read === 'string') {
    taken.skipped.push({ bucket: item.bucket, key: item.listed.key, reason: read });
    return;
  }
  const { entry, content } = read;
  signal.throwIfAborted();
  const { storedBytes, written } = await contents
    .put(entry.sha256, entry.sizeBytes, content)
    .catch((error: unknown) => {
      throw storeError(error, `${options.bucket}, content of ${entry.bucket}/${entry.key}`);
    });
  taken.entries.push({ ...entry, storedBytes });
  taken.objectsRead += 1;
  taken.readBytes += entry.sizeBytes;
  if (!written) return;
  taken.contentsWritten += 1;
  taken.writtenBytes += storedBytes;
}

/** In the order of the keys, so that two backups of the same objects can be compared line by line. */
function summary({ entries, skipped, ...counts }: Taken): Pick<ObjectsManifest, 'entries' | 'skipped' | 'counts'> {
  const byName = (a: { bucket: string; key: string }, b: { bucket: string; key: string }): number => {
    const [first, second] = [nameOf(a.bucket, a.key), nameOf(b.bucket, b.key)];
    return first < second ? -1 : Number(first > second);
  };
  const sizeBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  return {
    entries: entries.sort(byName),
    skipped: skipped.sort(byName),
    counts: { objects: entries.length, sizeBytes, ...counts },
  };
}

function nameOf(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}
