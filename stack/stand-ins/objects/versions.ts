import { randomUUID } from 'node:crypto';
import { getBucket } from './buckets.ts';
import type { Stretch } from './byte-files.ts';
import { S3Error } from './errors.ts';
import type { Store } from './store.ts';

/** One version of an object, or a delete marker. */
export interface Version {
  /** Grows with every write in the store. */
  sequence: number;
  bucket: string;
  key: string;
  /** A UUID; `null` for what was written without versioning. */
  versionId: string;
  latest: boolean;
  deleteMarker: boolean;
  modifiedMs: number;
  sizeBytes: number;
  /** Without quotes. */
  etag: string;
  /** Headers that an answer repeats: content type and its like, `x-amz-meta-*`. */
  headers: Record<string, string>;
  tags: Record<string, string>;
  files: Stretch[];
}

export type NewVersion = Pick<Version, 'bucket' | 'key' | 'etag' | 'headers' | 'tags' | 'files'>;

/** The latest version, a delete marker included; `undefined` when the key has none. */
export function findLatest({ database: { sql } }: Store, bucket: string, key: string): Version | undefined {
  const row = sql.get`SELECT * FROM versions WHERE bucket = ${bucket} AND key = ${key} AND latest = 1`;
  return row && versionOf(row);
}

export function findVersion(store: Store, bucket: string, key: string, versionId: string): Version | undefined {
  const { sql } = store.database;
  const row = sql.get`
    SELECT * FROM versions WHERE bucket = ${bucket} AND key = ${key} AND version_id = ${versionId}`;
  return row && versionOf(row);
}

/**
 * Makes a new latest version; without versioning it takes the place of the one that was there. `allow` is asked with
 * the latest version until then and may throw; nothing comes between its answer and the write.
 */
export async function putVersion(
  store: Store,
  version: NewVersion,
  allow: (latest: Version | undefined) => void = () => undefined,
): Promise<Version> {
  const { put, replaced } = store.database.transaction(() => {
    const { versioning } = getBucket(store, version.bucket);
    const latest = findLatest(store, version.bucket, version.key);
    allow(latest?.deleteMarker ? undefined : latest);
    const versionId = versioning === 'Enabled' ? randomUUID() : 'null';
    const old = versionId === 'null' ? remove(store, version.bucket, version.key, versionId) : undefined;
    return { put: insert(store, { ...version, versionId, deleteMarker: false }), replaced: old?.files ?? [] };
  });
  await store.files.remove(replaced);
  return put;
}

/**
 * Deletes an object as a client without a version id does: in a versioned bucket a delete marker hides it, and a key
 * that is hidden already, or was never there, stays as it is. Returns the marker, or `undefined`.
 */
export async function deleteObject(store: Store, bucket: string, key: string): Promise<Version | undefined> {
  const { marker, removed } = store.database.transaction(() => {
    const { versioning } = getBucket(store, bucket);
    const latest = findLatest(store, bucket, key);
    if (!latest || latest.deleteMarker) return { marker: latest, removed: undefined };
    const old = versioning === 'Enabled' ? undefined : remove(store, bucket, key, 'null');
    if (versioning === '') return { marker: undefined, removed: old };
    const versionId = versioning === 'Enabled' ? randomUUID() : 'null';
    const fields = { bucket, key, etag: '', headers: {}, tags: {}, files: [] };
    return { marker: insert(store, { ...fields, versionId, deleteMarker: true }), removed: old };
  });
  await store.files.remove(removed?.files ?? []);
  return marker;
}

/** Deletes one version for good, a delete marker too; the newest of the rest becomes the latest. */
export async function deleteVersion(
  store: Store,
  bucket: string,
  key: string,
  versionId: string,
): Promise<Version | undefined> {
  const removed = store.database.transaction(() => {
    getBucket(store, bucket);
    return remove(store, bucket, key, versionId);
  });
  await store.files.remove(removed?.files ?? []);
  return removed;
}

export function setTags({ database: { sql } }: Store, { sequence }: Version, tags: Record<string, string>): void {
  void sql.run`UPDATE versions SET tags = ${JSON.stringify(tags)} WHERE sequence = ${sequence}`;
}

/** A version id as clients send it; throws `InvalidArgument` when it can be none. */
export function checkVersionId(text: string): string {
  if (text === 'null' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  throw new S3Error('InvalidArgument', 'Invalid version id specified.');
}

function insert(store: Store, version: NewVersion & Pick<Version, 'versionId' | 'deleteMarker'>): Version {
  const { sql } = store.database;
  const { bucket, key, versionId, deleteMarker, etag, headers, tags, files } = version;
  const modifiedMs = store.clock.now().getTime();
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  void sql.run`UPDATE versions SET latest = 0 WHERE bucket = ${bucket} AND key = ${key} AND latest = 1`;
  const { lastInsertRowid } = sql.run`
    INSERT INTO versions
      (bucket, key, version_id, latest, delete_marker, modified_ms, size_bytes, etag, headers, tags, files)
    VALUES (${bucket}, ${key}, ${versionId}, 1, ${Number(deleteMarker)}, ${modifiedMs}, ${sizeBytes}, ${etag},
      ${JSON.stringify(headers)}, ${JSON.stringify(tags)}, ${JSON.stringify(files)})`;
  return { ...version, sequence: Number(lastInsertRowid), latest: true, modifiedMs, sizeBytes };
}

function remove({ database: { sql } }: Store, bucket: string, key: string, versionId: string): Version | undefined {
  const row = sql.get`
    DELETE FROM versions WHERE bucket = ${bucket} AND key = ${key} AND version_id = ${versionId} RETURNING *`;
  if (!row) return undefined;
  void sql.run`
    UPDATE versions SET latest = 1 WHERE latest = 0 AND sequence =
      (SELECT max(sequence) FROM versions WHERE bucket = ${bucket} AND key = ${key})`;
  return versionOf(row);
}

function versionOf(row: Record<string, unknown>): Version {
  return {
    sequence: Number(row['sequence']),
    bucket: String(row['bucket']),
    key: String(row['key']),
    versionId: String(row['version_id']),
    latest: row['latest'] === 1,
    deleteMarker: row['delete_marker'] === 1,
    modifiedMs: Number(row['modified_ms']),
    sizeBytes: Number(row['size_bytes']),
    etag: String(row['etag']),
    headers: JSON.parse(String(row['headers'])) as Record<string, string>,
    tags: JSON.parse(String(row['tags'])) as Record<string, string>,
    files: JSON.parse(String(row['files'])) as Stretch[],
  };
}
