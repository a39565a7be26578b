import { createHash, randomUUID } from 'node:crypto';
import { getBucket } from './buckets.ts';
import type { Stretch } from './byte-files.ts';
import { S3Error } from './errors.ts';
import { afterPrefix, behindAllKeys } from './key-order.ts';
import type { Store } from './store.ts';
import { putVersion, type Version } from './versions.ts';

export interface Upload {
  uploadId: string;
  bucket: string;
  key: string;
  initiatedMs: number;
  headers: Record<string, string>;
  tags: Record<string, string>;
}

export interface Part {
  number: number;
  modifiedMs: number;
  sizeBytes: number;
  etag: string;
  file: string;
}

const smallestPartBytes = 5 * 1024 * 1024;

export function startUpload(store: Store, upload: Pick<Upload, 'bucket' | 'key' | 'headers' | 'tags'>): string {
  getBucket(store, upload.bucket);
  const uploadId = randomUUID();
  void store.database.sql.run`
    INSERT INTO uploads (upload_id, bucket, key, initiated_ms, headers, tags)
    VALUES (${uploadId}, ${upload.bucket}, ${upload.key}, ${store.clock.now().getTime()},
      ${JSON.stringify(upload.headers)}, ${JSON.stringify(upload.tags)})`;
  return uploadId;
}

/** The unfinished upload to exactly this key; throws `NoSuchUpload`. */
export function getUpload(store: Store, bucket: string, key: string, uploadId: string): Upload {
  getBucket(store, bucket);
  const row = store.database.sql.get`
    SELECT * FROM uploads WHERE upload_id = ${uploadId} AND bucket = ${bucket} AND key = ${key}`;
  if (!row) throw new S3Error('NoSuchUpload');
  return uploadOf(row);
}

/** Keeps a part whose bytes are written; one of the same number is replaced. */
export async function putPart(
  store: Store,
  upload: Upload,
  number: number,
  bytes: Stretch,
  etag: string,
): Promise<Part> {
  const { sql, transaction } = store.database;
  const modifiedMs = store.clock.now().getTime();
  const replaced = transaction(() => {
    // The upload may have been completed or aborted while the bytes came in.
    getUpload(store, upload.bucket, upload.key, upload.uploadId);
    const old = sql.all`DELETE FROM parts WHERE upload_id = ${upload.uploadId} AND number = ${number} RETURNING file`;
    void sql.run`
      INSERT INTO parts (upload_id, number, modified_ms, size_bytes, etag, file)
      VALUES (${upload.uploadId}, ${number}, ${modifiedMs}, ${bytes.sizeBytes}, ${etag}, ${bytes.file})`;
    return old.map(({ file }) => ({ file: String(file) }));
  });
  await store.files.remove(replaced);
  return { number, modifiedMs, etag, ...bytes };
}

/** Parts by number, behind number `after`. */
export function listParts({ database: { sql } }: Store, { uploadId }: Upload, after = 0, limit = 10_000): Part[] {
  return sql.all`
    SELECT * FROM parts WHERE upload_id = ${uploadId} AND number > ${after} ORDER BY number LIMIT ${limit}`.map(
    (row) => ({
      number: Number(row['number']),
      modifiedMs: Number(row['modified_ms']),
      sizeBytes: Number(row['size_bytes']),
      etag: String(row['etag']),
      file: String(row['file']),
    }),
  );
}

/** Unfinished uploads to keys that begin so, by key and then by their start. */
export function listUploads({ database: { sql } }: Store, bucket: string, prefix: string): Upload[] {
  const end = afterPrefix(prefix) ?? behindAllKeys;
  return sql.all`
    SELECT * FROM uploads WHERE bucket = ${bucket} AND key >= ${prefix} AND key < ${end}
    ORDER BY key, initiated_ms, upload_id`.map(uploadOf);
}

/** Makes the object out of the parts that are named, in their order, without moving their bytes. */
export async function completeUpload(
  store: Store,
  upload: Upload,
  named: readonly { number: number; etag: string }[],
  allow?: (latest: Version | undefined) => void,
): Promise<Version> {
  const { sql } = store.database;
  const parts = new Map(listParts(store, upload).map((part) => [part.number, part]));
  if (named.some(({ number }, index) => number <= (named[index - 1]?.number ?? 0)))
    throw new S3Error('InvalidPartOrder');
  const chosen = named.map(({ number, etag }, index) => {
    const part = parts.get(number);
    if (part?.etag !== etag) throw new S3Error('InvalidPart');
    if (part.sizeBytes < smallestPartBytes && index < named.length - 1) throw new S3Error('EntityTooSmall');
    parts.delete(number);
    return part;
  });
  const { bucket, key, headers, tags, uploadId } = upload;
  const files = chosen.map(({ file, sizeBytes }) => ({ file, sizeBytes }));
  const version = await putVersion(
    store,
    { bucket, key, headers, tags, files, etag: multipartEtag(chosen) },
    (latest) => {
      allow?.(latest);
      // Two requests may complete the same upload: only one of them finds it.
      if (sql.run`DELETE FROM uploads WHERE upload_id = ${uploadId}`.changes === 0) throw new S3Error('NoSuchUpload');
    },
  );
  await store.files.remove([...parts.values()]);
  return version;
}

/** Forgets an upload and its parts; one that is not there is no error. */
export async function abortUpload({ database: { sql, transaction }, files }: Store, uploadId: string): Promise<void> {
  const parts = transaction(() => {
    const rows = sql.all`SELECT file FROM parts WHERE upload_id = ${uploadId}`;
    void sql.run`DELETE FROM uploads WHERE upload_id = ${uploadId}`;
    return rows;
  });
  await files.remove(parts.map(({ file }) => ({ file: String(file) })));
}

/** MD5 over the MD5s of the parts, then their number: what S3 gives as the ETag of an object made of parts. */
function multipartEtag(parts: readonly { etag: string }[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(etag, 'hex');
  return `${hash.digest('hex')}-${parts.length}`;
}

function uploadOf(row: Record<string, unknown>): Upload {
  return {
    uploadId: String(row['upload_id']),
    bucket: String(row['bucket']),
    key: String(row['key']),
    initiatedMs: Number(row['initiated_ms']),
    headers: JSON.parse(String(row['headers'])) as Record<string, string>,
    tags: JSON.parse(String(row['tags'])) as Record<string, string>,
  };
}
