import type { Client } from 'minio';
import pLimit from 'p-limit';
import { readObject } from './read-object.ts';
import { DrillError } from '../domain/drill-error.ts';

/** Bucket that objects are moved into which no row refers to. */
export const quarantineBucket = 'quarantine';

/** Objects that are moved at a time. */
const concurrency = 8;

/**
 * Moves objects out of the way into `<quarantine>/<bucket>/<key>`: they are kept, since nobody can tell yet whether they
 * are missed. Each copy is held against the original by its sha256 before the original is removed. Throws a
 * `DrillError` (`restore-failed`) when a copy is another one; then the original is still there.
 */
export async function quarantineObjects(client: Client, bucket: string, keys: readonly string[]): Promise<number> {
  if (keys.length === 0) return 0;
  if (!(await client.bucketExists(quarantineBucket))) await client.makeBucket(quarantineBucket);
  const limit = pLimit(concurrency);
  await limit.map(keys, (key) => moveOne(client, bucket, key));
  return keys.length;
}

async function moveOne(client: Client, bucket: string, key: string): Promise<void> {
  const target = `${bucket}/${key}`;
  // In this form the client escapes the source by itself.
  await client.copyObject(quarantineBucket, target, `/${bucket}/${key}`);
  const [original, copy] = await Promise.all([
    readObject(client, bucket, key),
    readObject(client, quarantineBucket, target),
  ]);
  if (original?.sha256 !== copy?.sha256) {
    throw new DrillError({
      code: 'restore-failed',
      service: 'objects',
      what: 'an object was not put into quarantine: its copy is not the same',
      expected: `sha256 ${original?.sha256 ?? 'of an object that is gone'}`,
      actual: `sha256 ${copy?.sha256 ?? 'of nothing'}`,
      where: target,
    });
  }
  await client.removeObject(bucket, key);
}
