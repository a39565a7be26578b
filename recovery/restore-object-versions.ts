import type { Client } from 'minio';
import { systemClock, timed, type Clock } from '../domain/clock.ts';
import type { LostReason } from './choose-versions.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import { listKeyVersions, requireVersioning, type KeyVersions } from './object-versions.ts';
import type { DamagedObject } from './object-damage-scope.ts';
import { restoreKey } from './restore-key-versions.ts';

export interface RestoreVersionsOptions {
  client: Client;
  bucket: string;
  /** The instant: the bucket is to look as it did just before it, by the store's clock. */
  before: Date;
  /** What was found damaged; nothing else is touched. */
  damaged: readonly DamagedObject[];
  /** Keys that are worked on at a time; default 8. */
  concurrency?: number;
  clock?: Clock;
  signal?: AbortSignal;
}

/** A key that could not be put back. What the store had of it is still there, unless it was read back wrong. */
export interface LostObject {
  key: string;
  reason: LostReason | 'what was written does not read back';
}

export interface ObjectRestoreResult {
  durationMs: number;
  /** Keys whose good version was written again; each was read back and has the expected sha256. */
  copied: string[];
  /** Keys whose delete markers were removed; likewise read back. */
  undeleted: string[];
  /** Keys that the application wrote since the damage was found: left alone, and not read. */
  kept: string[];
  lost: LostObject[];
  /** Of what was restored. */
  sizeBytes: number;
}

/**
 * Puts damaged objects of a bucket back from their versions, inside the store. A version is read and its sha256
 * compared before anything is written over what is there, and the object is read back afterwards. Versions are never
 * deleted, only delete markers are. Every list of the result is in the order of the keys and every damaged key is in
 * exactly one. Throws `backup-missing` when the bucket does not keep versions, `service-unreachable` when the store
 * refuses.
 */
export async function restoreObjectVersions(options: RestoreVersionsOptions): Promise<ObjectRestoreResult> {
  const { client, bucket, before, concurrency = 8, clock = systemClock, signal } = options;
  await requireVersioning(client, bucket);
  const damaged = new Map(options.damaged.map((object) => [object.key, object]));
  const result: ObjectRestoreResult = { durationMs: 0, copied: [], undeleted: [], kept: [], lost: [], sizeBytes: 0 };
  const { durationMs } = await timed(clock, () =>
    forEachConcurrently(damagedHistories(options, damaged), concurrency, async ({ history, object }) => {
      signal?.throwIfAborted();
      const { key } = history;
      const outcome = await restoreKey({ client, bucket, before, history, object });
      if (outcome.kind === 'lost') result.lost.push({ key, reason: outcome.reason });
      else result[outcome.kind].push(key);
      result.sizeBytes += 'sizeBytes' in outcome ? outcome.sizeBytes : 0;
    }),
  );
  for (const keys of [result.copied, result.undeleted, result.kept]) keys.sort();
  result.lost.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { ...result, durationMs };
}

interface DamagedHistory {
  history: KeyVersions;
  object: DamagedObject;
}

/** What the store keeps of the damaged keys; of a key that it does not list, nothing. */
async function* damagedHistories(
  { client, bucket, signal }: RestoreVersionsOptions,
  damaged: ReadonlyMap<string, DamagedObject>,
): AsyncGenerator<DamagedHistory> {
  const unlisted = new Map(damaged);
  for await (const history of listKeyVersions({ client, bucket, ...(signal && { signal }) })) {
    const object = unlisted.get(history.key);
    if (object === undefined) continue;
    unlisted.delete(history.key);
    yield { history, object };
    if (unlisted.size === 0) return;
  }
  for (const object of unlisted.values()) yield { history: { key: object.key, versions: [] }, object };
}
