import type { Client } from 'minio';
import { messageOf } from '../domain/drill-error.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';

/** Objects that are removed at a time. */
const concurrency = 8;

/**
 * Removes what a restore that failed has written: every object of its buckets, which were empty before, and the buckets
 * that it has made. Says whether it could; what is under a retention that nobody may lift stays.
 */
export async function takeBackObjects(
  client: Client,
  buckets: readonly string[],
  existing: ReadonlySet<string>,
): Promise<string> {
  const left: string[] = [];
  for (const bucket of buckets) {
    try {
      if (!(await client.bucketExists(bucket))) continue;
      await emptyBucket(client, bucket);
      if (!existing.has(bucket)) await client.removeBucket(bucket);
    } catch (error) {
      left.push(`${bucket} (${messageOf(error)})`);
    }
  }
  return left.length === 0
    ? 'Nothing of the backup was left in it: what the restore had written was removed again.'
    : `What the restore had written could not be removed from ${left.join(', ')}: empty it before you restore again.`;
}

async function emptyBucket(client: Client, bucket: string): Promise<void> {
  const versions = client.listObjects(bucket, '', true, { IncludeVersion: true }) as AsyncIterable<ListedVersion>;
  await forEachConcurrently(versions, concurrency, async ({ name, versionId }) => {
    if (name === undefined) return;
    await client.removeObject(bucket, name, { governanceBypass: true, ...(versionId && { versionId }) });
  });
}

interface ListedVersion {
  name?: string;
  versionId?: string | null;
}
