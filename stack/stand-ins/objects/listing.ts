import { afterPrefix, behindAllKeys, commonPrefix, inOrder } from './key-order.ts';
import type { Store } from './store.ts';

/** One line of a listing: a version of an object, or all keys that share a prefix up to the delimiter. */
export type Entry = { kind: 'version'; version: ListedVersion } | { kind: 'prefix'; prefix: string };

export interface ListedVersion {
  key: string;
  versionId: string;
  sequence: number;
  latest: boolean;
  deleteMarker: boolean;
  modifiedMs: number;
  sizeBytes: number;
  etag: string;
}

export interface ListRequest {
  bucket: string;
  /** `objects`: the latest versions without delete markers. `versions`: everything. */
  of: 'objects' | 'versions';
  prefix: string;
  /** Empty for none. */
  delimiter: string;
  /** The listing goes on behind this key or common prefix; with `versionId`, behind that version of it. */
  after?: { key: string; versionId?: string };
  maxEntries: number;
}

/** A page of entries by key in the order of UTF-8, versions of a key newest first. */
export interface ListPage {
  entries: Entry[];
  truncated: boolean;
}

/** A place in the order: behind the versions of `key` whose sequence is `below` or greater. */
interface Position {
  key: string;
  below: number;
}

const beforeAll = Number.MAX_SAFE_INTEGER;

/** One page of a listing. Keys that fall under a common prefix are skipped by the index, not read. */
export function listPage(store: Store, request: ListRequest): ListPage {
  const { prefix, delimiter, maxEntries } = request;
  const entries: Entry[] = [];
  if (maxEntries === 0) return { entries, truncated: false };
  let position = startOf(store, request);
  while (position) {
    const wanted = maxEntries + 1 - entries.length;
    const rows = readRows(store, request, position, wanted);
    let skipped: string | undefined;
    for (const row of rows) {
      if (skipped !== undefined && row.key.startsWith(skipped)) continue;
      if (entries.length === maxEntries) return { entries, truncated: true };
      skipped = commonPrefix(row.key, prefix, delimiter);
      position = skipped === undefined ? { key: row.key, below: row.sequence } : behindPrefix(skipped);
      entries.push(skipped === undefined ? { kind: 'version', version: row } : { kind: 'prefix', prefix: skipped });
    }
    if (rows.length < wanted) break;
  }
  return { entries, truncated: false };
}

function startOf({ database: { sql } }: Store, request: ListRequest): Position | undefined {
  const { bucket, prefix, delimiter, after } = request;
  if (!after) return { key: prefix, below: beforeAll };
  const marked = after.key.startsWith(prefix) ? commonPrefix(after.key, prefix, delimiter) : undefined;
  const position = marked === after.key ? behindPrefix(marked) : { key: after.key, below: versionPlace() };
  if (!position) return undefined;
  return inOrder(position.key, prefix) ? { key: prefix, below: beforeAll } : position;

  /** A version that was deleted since the page before leaves no place; then all of the key's versions come again. */
  function versionPlace(): number {
    if (after?.versionId === undefined) return 0;
    const row = sql.get`
      SELECT sequence FROM versions
      WHERE bucket = ${bucket} AND key = ${after.key} AND version_id = ${after.versionId}`;
    return row ? Number(row['sequence']) : beforeAll;
  }
}

/** Behind all keys that begin so; `undefined` when that is the end of the order. */
function behindPrefix(prefix: string): Position | undefined {
  const next = afterPrefix(prefix);
  return next === undefined ? undefined : { key: next, below: beforeAll };
}

function readRows({ database: { sql } }: Store, request: ListRequest, from: Position, limit: number): ListedVersion[] {
  const { bucket, prefix, of } = request;
  const end = afterPrefix(prefix) ?? behindAllKeys;
  const rows =
    of === 'versions'
      ? sql.all`
          SELECT key, version_id, sequence, latest, delete_marker, modified_ms, size_bytes, etag FROM versions
          WHERE bucket = ${bucket} AND key >= ${from.key} AND key < ${end}
            AND (key > ${from.key} OR sequence < ${from.below})
          ORDER BY key, sequence DESC LIMIT ${limit}`
      : sql.all`
          SELECT key, version_id, sequence, latest, delete_marker, modified_ms, size_bytes, etag FROM versions
          WHERE bucket = ${bucket} AND latest = 1 AND delete_marker = 0 AND key >= ${from.key} AND key < ${end}
            AND (key > ${from.key} OR sequence < ${from.below})
          ORDER BY key LIMIT ${limit}`;
  return rows.map((row) => ({
    key: String(row['key']),
    versionId: String(row['version_id']),
    sequence: Number(row['sequence']),
    latest: row['latest'] === 1,
    deleteMarker: row['delete_marker'] === 1,
    modifiedMs: Number(row['modified_ms']),
    sizeBytes: Number(row['size_bytes']),
    etag: String(row['etag']),
  }));
}
