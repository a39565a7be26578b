import { systemClock, type Clock } from '../../../domain/clock.ts';
import { ByteFiles } from './byte-files.ts';
import { openDatabase, type Database } from './database.ts';

/** Everything the store keeps: metadata in a database, bytes in files, both under one folder. */
export interface Store {
  database: Database;
  files: ByteFiles;
  clock: Clock;
}

/**
 * Opens the store in `folder`, which is created when it is missing, and deletes the bytes that no metadata speaks of:
 * a crash leaves such bytes of uploads that were never acknowledged and of objects already deleted.
 */
export async function openStore(folder: string, clock: Clock = systemClock): Promise<Store> {
  const files = new ByteFiles(folder);
  const database = openDatabase(folder);
  const { sql } = database;
  void sql.run`CREATE TEMP TABLE known (file TEXT PRIMARY KEY) WITHOUT ROWID`;
  void sql.run`INSERT INTO known SELECT value ->> 'file' FROM versions, json_each(files) UNION SELECT file FROM parts`;
  await files.sweep((file) => sql.get`SELECT 1 FROM known WHERE file = ${file}` !== undefined);
  void sql.run`DROP TABLE known`;
  return { database, files, clock };
}
