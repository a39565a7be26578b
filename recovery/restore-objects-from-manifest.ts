import { createHash } from 'node:crypto';
import type { ObjectStoreAccess } from '../domain/service.ts';
import { objectClient } from '../stack/clients.ts';
import { makeBuckets, requireFreshBuckets } from './objects-before-restore.ts';
import type { ObjectsManifest } from './objects-manifest.ts';
import { headersOf } from './objects-source.ts';

/** An object that did not come back, and why. */
export interface LostObject {
  bucket: string;
  key: string;
  sizeBytes: number;
  sha256: string;
  reason: string;
}

/** What a manifest without contents brings back. */
export interface ManifestRestore {
  bucketsMade: number;
  /** Objects without a byte: all that was in them stands in the manifest. */
  emptyObjects: number;
  bytesRestored: number;
  lost: LostObject[];
  lostBytes: number;
}

/**
 * Restores from a manifest alone, as a runbook asks for that says "manifests allow recreation": buckets with their
 * settings and objects of no bytes. Every other object is given as lost: name, size and sha256 tell its content from
 * another one and do not hold it. Throws `restore-failed` for a bucket that is not empty.
 */
export async function restoreObjectsFromManifest({
  manifest,
  target,
}: {
  manifest: ObjectsManifest;
  target: ObjectStoreAccess;
}): Promise<ManifestRestore> {
  const client = objectClient(target);
  const existing = await requireFreshBuckets(client, manifest.buckets, sameName);
  await makeBuckets(client, manifest.buckets, sameName, existing);
  // All the content that a manifest has for an object.
  const content = Buffer.alloc(0);
  const contentSha256 = createHash('sha256').update(content).digest('hex');
  const lost: LostObject[] = [];
  let emptyObjects = 0;
  for (const entry of manifest.entries) {
    const { bucket, key, sizeBytes, sha256, tags } = entry;
    if (sha256 !== contentSha256) {
      const reason = `the manifest names ${sizeBytes.toLocaleString('en')} bytes by their sha256 and holds none of them`;
      lost.push({ bucket, key, sizeBytes, sha256, reason });
      continue;
    }
    await client.putObject(bucket, key, content, 0, headersOf(entry));
    if (Object.keys(tags).length > 0) await client.setObjectTagging(bucket, key, tags);
    emptyObjects += 1;
  }
  const lostBytes = lost.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const bytesRestored = manifest.counts.sizeBytes - lostBytes;
  return { bucketsMade: manifest.buckets.length, emptyObjects, bytesRestored, lost, lostBytes };
}

const sameName = (bucket: string): string => bucket;
