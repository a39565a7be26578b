import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from '../settings.ts';
import { defaultSettings } from '../settings.ts';
import { createDatabase, openDatabase, rows, run } from './database.ts';

/**
 * One index on disk: a SQLite file of its own, as a real server keeps a file for each index. The words are in FTS5 without
 * content; one of its rows is one field of one document, numbered `document * fieldsMax + field`.
 */
export interface IndexStore {
  /** Only tasks write; a transaction may stay open while they let others run. */
  readonly writer: DatabaseSync;
  /** Sees what the last finished task left. */
  readonly reader: DatabaseSync;
  close(): void;
}

/** Most fields of an index: what the number of a row of words leaves room for. */
export const fieldsMax = 65_536;

const schema = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS fields (field INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS distribution (name TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS documents (docid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS facets (
    docid INTEGER NOT NULL, field INTEGER NOT NULL, kind INTEGER NOT NULL, number REAL, string TEXT, display TEXT);
  CREATE INDEX IF NOT EXISTS facets_by_document ON facets (docid, field);
  CREATE INDEX IF NOT EXISTS facets_by_string ON facets (field, string, docid) WHERE string IS NOT NULL;
  CREATE INDEX IF NOT EXISTS facets_by_number ON facets (field, number, docid) WHERE number IS NOT NULL;
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'ascii');
  CREATE VIRTUAL TABLE IF NOT EXISTS terms USING fts5vocab (words, row);
  CREATE VIRTUAL TABLE IF NOT EXISTS postings USING fts5vocab (words, instance);
`;

export interface IndexMeta {
  primaryKey: string | null;
  /** ISO 8601. */
  createdAt: string;
  updatedAt: string;
  settings: Settings;
}

export function createIndexStore(file: string, meta: Omit<IndexMeta, 'settings'>): IndexStore {
  const writer = createDatabase(file, schema);
  writeMeta(writer, { ...meta, settings: defaultSettings });
  return storeOf(file, writer);
}

export function openIndexStore(file: string): IndexStore {
  return storeOf(file, openDatabase(file));
}

/** Deletes the folder of an index. Idempotent. */
export function deleteIndexFile(file: string): void {
  if (existsSync(dirname(file))) rmSync(dirname(file), { recursive: true });
}

export function readMeta(database: DatabaseSync): IndexMeta {
  const pairs = rows<{ name: string; value: string }>(database, 'SELECT name, value FROM meta');
  const meta = Object.fromEntries(pairs.map(({ name, value }) => [name, JSON.parse(value)])) as unknown as IndexMeta;
  return { ...meta, settings: { ...defaultSettings, ...meta.settings } };
}

export function writeMeta(database: DatabaseSync, meta: Partial<IndexMeta>): void {
  for (const [name, value] of Object.entries(meta)) {
    run(database, 'INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)', name, JSON.stringify(value));
  }
}

export function countDocuments(database: DatabaseSync): number {
  return rows<{ total: number }>(database, 'SELECT count(*) AS total FROM documents')[0]?.total ?? 0;
}

/** Number of documents that have each attribute of the first level, by name. */
export function fieldDistribution(database: DatabaseSync): Record<string, number> {
  const counted = rows<{ name: string; documents: number }>(
    database,
    'SELECT name, documents FROM distribution WHERE documents > 0 ORDER BY name',
  );
  return Object.fromEntries(counted.map(({ name, documents }) => [name, documents]));
}

/** Numbers of the fields that an attribute stands for: itself and what is below it. */
export function fieldsOf(database: DatabaseSync, attribute: string): number[] {
  const found = rows<{ field: number }>(
    database,
    'SELECT field FROM fields WHERE path = ?1 OR substr(path, 1, length(?1) + 1) = ?1 || ?2',
    attribute,
    '.',
  );
  return found.map(({ field }) => field);
}

function storeOf(file: string, writer: DatabaseSync): IndexStore {
  try {
    const reader = openDatabase(file);
    return {
      writer,
      reader,
      close: () => {
        if (reader.isOpen) reader.close();
        if (writer.isOpen) writer.close();
      },
    };
  } catch (error) {
    writer.close();
    throw error;
  }
}
