import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { indexNotFound } from '../refusal.ts';
import { databaseBytes, rows, run } from './database.ts';
import {
  countDocuments,
  createIndexStore,
  deleteIndexFile,
  fieldDistribution,
  openIndexStore,
  readMeta,
} from './index-store.ts';
import type { IndexStore } from './index-store.ts';

/** What is known of an index without opening its file, as a real server keeps it: stats go on when the file is garbage. */
export interface IndexStats {
  numberOfDocuments: number;
  /** Bytes of its database. */
  sizeBytes: number;
  fieldDistribution: Record<string, number>;
  /** ISO 8601. */
  updatedAt: string;
}

export interface IndexEntry {
  uid: string;
  folder: string;
  stats: IndexStats;
}

/** All indexes of a data folder: names and stats in the database of tasks, content in a file each. */
export interface IndexRegistry {
  list(): IndexEntry[];
  has(uid: string): boolean;
  /** Opens the file on first use. Throws `index_not_found`, or what SQLite says of a file that is none of its own. */
  store(uid: string): IndexStore;
  /** Makes the file of a new index; it is in the list once `enter` was called with the same folder. */
  create(meta: { primaryKey: string | null; createdAt: string; updatedAt: string }): string;
  enter(uid: string, folder: string): void;
  /** Takes it off the list; the file is deleted by `sweep`, after the transaction of the caller. */
  remove(uid: string): void;
  swap(first: string, second: string): void;
  refreshStats(uid: string): void;
  /** Deletes the folders that no entry has: leftovers of a process that died, or of a removal. */
  sweep(): void;
  close(): void;
}

export const registrySchema =
  'CREATE TABLE IF NOT EXISTS indexes (uid TEXT PRIMARY KEY, folder TEXT NOT NULL, stats TEXT NOT NULL) WITHOUT ROWID;';

export function indexRegistry(database: DatabaseSync, indexesFolder: string): IndexRegistry {
  const opened = new Map<string, IndexStore>();
  const fileOf = (folder: string): string => join(indexesFolder, folder, 'data.mdb');
  const folderOf = (uid: string): string | undefined =>
    rows<{ folder: string }>(database, 'SELECT folder FROM indexes WHERE uid = ?', uid)[0]?.folder;

  function storeIn(folder: string): IndexStore {
    let store = opened.get(folder);
    if (!store) opened.set(folder, (store = openIndexStore(fileOf(folder))));
    return store;
  }

  return {
    list: () =>
      rows<{ uid: string; folder: string; stats: string }>(database, 'SELECT * FROM indexes ORDER BY uid').map(
        ({ stats, ...entry }) => ({ ...entry, stats: JSON.parse(stats) as IndexStats }),
      ),
    has: (uid) => folderOf(uid) !== undefined,
    store(uid) {
      const folder = folderOf(uid);
      if (folder === undefined) throw indexNotFound(uid);
      return storeIn(folder);
    },
    create(meta) {
      const folder = randomUUID();
      opened.set(folder, createIndexStore(fileOf(folder), meta));
      return folder;
    },
    enter(uid, folder) {
      const stats = JSON.stringify(statsOf(storeIn(folder)));
      run(database, 'INSERT INTO indexes (uid, folder, stats) VALUES (?, ?, ?)', uid, folder, stats);
    },
    remove(uid) {
      run(database, 'DELETE FROM indexes WHERE uid = ?', uid);
    },
    swap(first, second) {
      const sql = 'UPDATE indexes SET uid = ? WHERE uid = ?';
      // A name that no index can have holds the place while the two change.
      for (const [to, from] of [
        [' ', first],
        [first, second],
        [second, ' '],
      ] as const)
        run(database, sql, to, from);
    },
    refreshStats(uid) {
      const folder = folderOf(uid);
      if (folder === undefined) return;
      run(database, 'UPDATE indexes SET stats = ? WHERE uid = ?', JSON.stringify(statsOf(storeIn(folder))), uid);
    },
    sweep() {
      const known = new Set(
        rows<{ folder: string }>(database, 'SELECT folder FROM indexes').map(({ folder }) => folder),
      );
      for (const folder of readdirSync(indexesFolder).filter((name) => !known.has(name))) {
        opened.get(folder)?.close();
        opened.delete(folder);
        deleteIndexFile(fileOf(folder));
        rmSync(join(indexesFolder, folder), { recursive: true, force: true });
      }
    },
    close() {
      for (const store of opened.values()) store.close();
      opened.clear();
    },
  };
}

function statsOf({ writer }: IndexStore): IndexStats {
  return {
    numberOfDocuments: countDocuments(writer),
    sizeBytes: databaseBytes(writer),
    fieldDistribution: fieldDistribution(writer),
    updatedAt: readMeta(writer).updatedAt,
  };
}
