import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Metadata of the store. Its statements run to their end at once, so no other request comes in between. */
export interface Database {
  readonly sql: ReturnType<DatabaseSync['createTagStore']>;
  /** Runs `work` so that all of its changes are kept, or none. */
  transaction: <T>(work: () => T) => T;
  close: () => void;
}

/**
 * `key` is compared byte by byte in UTF-8, which is S3's order of listing. `sequence` grows with every write: within a
 * key the newest version has the greatest. `files` is a list of `{ file, sizeBytes }`, in the order of the bytes.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY,
    created_ms INTEGER NOT NULL,
    versioning TEXT NOT NULL DEFAULT '' CHECK (versioning IN ('', 'Enabled', 'Suspended'))
  ) STRICT;
  CREATE TABLE IF NOT EXISTS versions (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL REFERENCES buckets (name),
    key TEXT NOT NULL,
    version_id TEXT NOT NULL,
    latest INTEGER NOT NULL,
    delete_marker INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    etag TEXT NOT NULL,
    headers TEXT NOT NULL,
    tags TEXT NOT NULL,
    files TEXT NOT NULL,
    UNIQUE (bucket, key, version_id)
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS versions_by_age ON versions (bucket, key, sequence DESC);
  CREATE UNIQUE INDEX IF NOT EXISTS versions_latest ON versions (bucket, key) WHERE latest = 1;
  CREATE TABLE IF NOT EXISTS uploads (
    upload_id TEXT PRIMARY KEY,
    bucket TEXT NOT NULL REFERENCES buckets (name),
    key TEXT NOT NULL,
    initiated_ms INTEGER NOT NULL,
    headers TEXT NOT NULL,
    tags TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS uploads_by_key ON uploads (bucket, key, upload_id);
  CREATE TABLE IF NOT EXISTS parts (
    upload_id TEXT NOT NULL REFERENCES uploads (upload_id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    etag TEXT NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (upload_id, number)
  ) STRICT;
`;

/** Opens the database in `folder`. A commit is on the disk before it returns, so that nothing acknowledged is lost. */
export function openDatabase(folder: string): Database {
  const database = new DatabaseSync(join(folder, 'metadata.sqlite'), { enableForeignKeyConstraints: true });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
  database.exec(schema);
  return {
    sql: database.createTagStore(),
    transaction(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const value = work();
        database.exec('COMMIT');
        return value;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => database.close(),
  };
}
