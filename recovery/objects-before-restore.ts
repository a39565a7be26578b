import type { Client } from 'minio';
import { DrillError } from '../domain/drill-error.ts';
import { listObjects } from '../stack/list-objects.ts';
import { contentKey } from './objects-contents.ts';
import type { BucketEntry, ObjectEntry, ObjectsRestorePoint } from './objects-manifest.ts';
import { storeError } from './store-error.ts';

/**
 * Throws, before anything is written, unless every content is in the store in its size: `backup-missing` or
 * `backup-invalid`, with the objects named that it would cost.
 */
export async function requireContents(
  client: Client,
  { bucket, prefix, manifest }: ObjectsRestorePoint,
): Promise<void> {
  const where = `${bucket}/${prefix}contents/`;
  const listed = await listObjects(client, bucket, `${prefix}contents/`).catch((error: unknown) => {
    throw storeError(error, where);
  });
  const there = new Map(listed.map(({ key, sizeBytes }) => [key, sizeBytes]));
  const storedOf = ({ sha256 }: ObjectEntry) => there.get(contentKey(prefix, manifest.recipient, sha256));
  const missing = manifest.entries.filter((entry) => storedOf(entry) === undefined);
  const cut = manifest.entries.filter((entry) => (storedOf(entry) ?? entry.storedBytes) !== entry.storedBytes);
  if (missing.length === 0 && cut.length === 0) return;
  throw new DrillError({
    code: missing.length > 0 ? 'backup-missing' : 'backup-invalid',
    service: 'backups',
    what: 'contents that the manifest names cannot be restored',
    expected: `${manifest.entries.length.toLocaleString('en')} objects with their contents in the store`,
    actual: `${missing.length} whose content is missing, ${cut.length} whose content has another size`,
    where,
    hint: namesOf([...missing, ...cut]),
  });
}

/**
 * The buckets to restore into that are there already. They must hold nothing, not even a deleted version: otherwise
 * `restore-failed`.
 */
export async function requireFreshBuckets(
  client: Client,
  buckets: readonly BucketEntry[],
  targetOf: (bucket: string) => string,
): Promise<ReadonlySet<string>> {
  const existing = new Set<string>();
  for (const { name: source } of buckets) {
    const name = targetOf(source);
    if (!(await client.bucketExists(name))) continue;
    existing.add(name);
    for await (const item of client.listObjects(name, '', true, { IncludeVersion: true })) {
      throw new DrillError({
        code: 'restore-failed',
        service: 'objects',
        what: 'a bucket to restore into is not empty',
        expected: 'a bucket that holds nothing, or none',
        actual: `it holds ${JSON.stringify((item as { name?: string }).name)}`,
        where: name,
        hint: 'Restore into other buckets, or empty this one after you have made sure that nothing in it is needed.',
      });
    }
  }
  return existing;
}

/** Makes the buckets that are not there, and gives all of them versioning and Object Lock as they were. */
export async function makeBuckets(
  client: Client,
  buckets: readonly BucketEntry[],
  targetOf: (bucket: string) => string,
  existing: ReadonlySet<string>,
): Promise<void> {
  for (const { name: source, versioning, objectLock } of buckets) {
    const name = targetOf(source);
    if (!existing.has(name)) await client.makeBucket(name, '', { ObjectLocking: objectLock });
    // A bucket with Object Lock has versions from the start.
    if (versioning !== 'Off' && !objectLock) await client.setBucketVersioning(name, { Status: versioning });
  }
}

/** The names of objects, one a line; of many the first twenty and how many more. */
export function namesOf(entries: readonly Pick<ObjectEntry, 'bucket' | 'key'>[]): string {
  const lines = entries.slice(0, 20).map(({ bucket, key }) => `${bucket}/${key}`);
  if (entries.length > lines.length) lines.push(`and ${(entries.length - lines.length).toLocaleString('en')} more`);
  return lines.join('\n');
}
