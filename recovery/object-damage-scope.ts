import type { Client } from 'minio';
import { forEachConcurrently } from './for-each-concurrently.ts';
import { readObject } from './read-object.ts';

/** What an object must hold, by a record that was kept outside the store. */
export interface ExpectedObject {
  key: string;
  /** Hex. */
  sha256: string;
}

/** An object that is not what it must be. */
export interface DamagedObject {
  key: string;
  expectedSha256: string;
  state: 'changed' | 'missing';
  /** Of the bytes that the store gives instead, hex; absent when it gives none. */
  actualSha256?: string;
  /** The version that was read; absent when it is missing, or in a bucket without versions. */
  versionId?: string;
}

export interface ObjectDamageScope {
  checked: number;
  intact: number;
  sizeBytes: number;
  /** In the order of the keys. */
  damaged: DamagedObject[];
}

export interface DamageScopeOptions {
  client: Client;
  bucket: string;
  /** Taken as it is needed: it may be as long as the bucket. */
  expected: AsyncIterable<ExpectedObject>;
  /** Objects that are read at a time; default 8. */
  concurrency?: number;
  signal?: AbortSignal;
}

/**
 * Reads every expected object to its end and names those whose bytes are others or that are not there. Neither size,
 * time nor entity tag is trusted: a damage can leave them as they were. Only what is damaged is kept in memory.
 * Objects that nobody expects are not looked at.
 */
export async function findObjectDamage(options: DamageScopeOptions): Promise<ObjectDamageScope> {
  const { client, bucket, expected, concurrency = 8, signal } = options;
  const scope: ObjectDamageScope = { checked: 0, intact: 0, sizeBytes: 0, damaged: [] };
  await forEachConcurrently(expected, concurrency, async ({ key, sha256 }) => {
    signal?.throwIfAborted();
    const read = await readObject(client, bucket, key);
    scope.checked += 1;
    scope.sizeBytes += read?.sizeBytes ?? 0;
    if (read?.sha256 === sha256) {
      scope.intact += 1;
      return;
    }
    scope.damaged.push({
      key,
      expectedSha256: sha256,
      state: read ? 'changed' : 'missing',
      ...(read && { actualSha256: read.sha256 }),
      ...(read?.versionId !== undefined && { versionId: read.versionId }),
    });
  });
  scope.damaged.sort((a, b) => (a.key < b.key ? -1 : 1));
  return scope;
}
