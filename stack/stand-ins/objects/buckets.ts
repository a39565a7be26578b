import { S3Error } from './errors.ts';
import type { Store } from './store.ts';

export type Versioning = '' | 'Enabled' | 'Suspended';

export interface Bucket {
  name: string;
  createdMs: number;
  /** Empty until versioning was enabled once. */
  versioning: Versioning;
}

/** Makes an empty bucket; throws `BucketAlreadyOwnedByYou` or `InvalidBucketName`. */
export function makeBucket({ database: { sql }, clock }: Store, name: string): void {
  if (!isBucketName(name)) throw new S3Error('InvalidBucketName');
  const { changes } = sql.run`
    INSERT INTO buckets (name, created_ms) VALUES (${name}, ${clock.now().getTime()}) ON CONFLICT DO NOTHING`;
  if (changes === 0) throw new S3Error('BucketAlreadyOwnedByYou');
}

/** The bucket of that name; throws `NoSuchBucket`. */
export function getBucket({ database: { sql } }: Store, name: string): Bucket {
  const row = sql.get`SELECT name, created_ms, versioning FROM buckets WHERE name = ${name}`;
  if (!row) throw new S3Error('NoSuchBucket');
  return bucketOf(row);
}

/** All buckets by name. */
export function listBuckets({ database: { sql } }: Store): Bucket[] {
  return sql.all`SELECT name, created_ms, versioning FROM buckets ORDER BY name`.map(bucketOf);
}

export function setVersioning(store: Store, name: string, versioning: Versioning): void {
  getBucket(store, name);
  void store.database.sql.run`UPDATE buckets SET versioning = ${versioning} WHERE name = ${name}`;
}

/** Removes a bucket that holds no version of any object; its unfinished uploads go with it. */
export async function removeBucket(store: Store, name: string): Promise<void> {
  const { sql, transaction } = store.database;
  const abandoned = transaction(() => {
    getBucket(store, name);
    if (sql.get`SELECT 1 FROM versions WHERE bucket = ${name} LIMIT 1`) throw new S3Error('BucketNotEmpty');
    const parts = sql.all`SELECT file FROM parts JOIN uploads USING (upload_id) WHERE bucket = ${name}`;
    void sql.run`DELETE FROM uploads WHERE bucket = ${name}`;
    void sql.run`DELETE FROM buckets WHERE name = ${name}`;
    return parts.map(({ file }) => ({ file: String(file) }));
  });
  await store.files.remove(abandoned);
}

/** Source: S3 user guide, "General purpose bucket naming rules". */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
}

function bucketOf(row: Record<string, unknown>): Bucket {
  return {
    name: String(row['name']),
    createdMs: Number(row['created_ms']),
    versioning: row['versioning'] as Versioning,
  };
}
