import { createHmac, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { createDatabase, rows, run } from './database.ts';

/** A key as `keys.jsonl` of a dump holds it. Its secret is nowhere: it follows from the master key and the uid. */
export interface StoredKey {
  description?: string;
  name?: string;
  uid: string;
  actions: string[];
  indexes: string[];
  /** ISO 8601. */
  expires_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface KeyStore {
  readonly database: DatabaseSync;
  /** The newest first. */
  list(): StoredKey[];
  byUid(uid: string): StoredKey | undefined;
  add(key: StoredKey): void;
  replace(key: StoredKey): void;
  remove(uid: string): void;
  close(): void;
}

/** The keys of a data folder, in a file of their own. */
export function openKeyStore(file: string): KeyStore {
  const database: DatabaseSync = createDatabase(
    file,
    'CREATE TABLE IF NOT EXISTS keys (sequence INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, key TEXT NOT NULL)',
  );
  const parsed = ({ key }: { key: string }): StoredKey => JSON.parse(key) as StoredKey;
  return {
    database,
    list: () =>
      rows<{ key: string }>(database, `SELECT key FROM keys ORDER BY key ->> 'created_at' DESC, sequence DESC`).map(
        parsed,
      ),
    byUid(uid) {
      const found = rows<{ key: string }>(database, 'SELECT key FROM keys WHERE uid = ?', uid)[0];
      return found && parsed(found);
    },
    add: (key) => void run(database, 'INSERT INTO keys (uid, key) VALUES (?, ?)', key.uid, JSON.stringify(key)),
    replace: (key) => void run(database, 'UPDATE keys SET key = ? WHERE uid = ?', JSON.stringify(key), key.uid),
    remove: (uid) => void run(database, 'DELETE FROM keys WHERE uid = ?', uid),
    close: () => database.close(),
  };
}

/** Secret of a key: HMAC-SHA256 of its uid under the master key, in hex. So a dump brings the same secrets back. */
export function keySecret(masterKey: string, uid: string): string {
  return createHmac('sha256', masterKey).update(uid).digest('hex');
}

/** The four keys that a server with a master key makes on its first start, in the order in which it makes them. */
export function defaultKeys(now: string): StoredKey[] {
  const key = (name: string, description: string, actions: string[]): StoredKey => ({
    description,
    name,
    uid: randomUUID(),
    actions,
    indexes: ['*'],
    expires_at: null,
    created_at: now,
    updated_at: now,
  });
  return [
    key('Default Chat API Key', 'Use it to chat and search from the frontend', ['chatCompletions', 'search']),
    key(
      'Default Read-Only Admin API Key',
      'Use it to read information across the whole database. Caution! Do not expose this key on a public frontend',
      ['*.get', 'keys.get'],
    ),
    key(
      'Default Admin API Key',
      'Use it for anything that is not a search operation. Caution! Do not expose it on a public frontend',
      ['*'],
    ),
    key('Default Search API Key', 'Use it to search from the frontend', ['search']),
  ];
}
