import type { BackupFile, Compression } from './recovery.ts';

/** How a search server was saved: `dump` is portable between versions, `snapshot` a copy of its data folder. */
export type SearchBackupKind = 'dump' | 'snapshot';

/** Content of one search index. */
export interface SearchIndexState {
  documents: number;
  primaryKey: string | null;
  /** sha256 over the settings, whatever the order of their names. */
  settingsDigest: string;
  /** Sum of the documents' sha256: it does not depend on their order. */
  contentDigest: string;
}

/** A key of a search server, without its secret. */
export interface SearchKeyState {
  uid: string;
  name: string | null;
  /** sha256 over actions, indexes, expiry and description. */
  rightsDigest: string;
}

/** What a search server holds, but for the secrets of its keys. */
export interface SearchState {
  /** By uid of the index. */
  indexes: Record<string, SearchIndexState>;
  /** Sorted by uid. */
  keys: SearchKeyState[];
}

/**
 * Whether a server made the key by itself when it first started. Each server gives its own ones new uids, and so other
 * secrets: they come back with a backup, and with nothing else.
 */
export function isServersOwnKey({ name }: SearchKeyState): boolean {
  return name !== null && /^Default .+ API Key$/.test(name);
}

/** sha256 of the secret of each key, by the key's uid. Only ever written down encrypted. */
export type SearchKeySecrets = Readonly<Record<string, string>>;

/** What is written beside a backup of a search server. Holds no document and no secret, so it is not encrypted. */
export interface SearchBackupManifest {
  schemaVersion: 1;
  /** Unique; says nothing of the order. */
  id: string;
  /** Id of the backup of everything that it is part of, where it is. */
  setId?: string;
  kind: SearchBackupKind;
  /** The dump or snapshot as the server wrote it, compressed with `compression`, then age. */
  file: BackupFile;
  /** `SearchKeySecrets` as JSON, likewise compressed and encrypted. */
  keySecrets: BackupFile;
  compression: Compression;
  /** The age recipient (public key) it is encrypted to. */
  recipient: string;
  /** ISO 8601: every change whose task had ended by then is in the backup. */
  coveredAt: string;
  startedAt: string;
  finishedAt: string;
  durationMs: number;
  serverVersion: string;
  state: SearchState;
}

/** A backup of a search server that exists in the store. */
export interface SearchRestorePoint {
  bucket: string;
  manifestKey: string;
  manifest: SearchBackupManifest;
}

/** One way in which a search server differs from what it should hold. */
export interface SearchDifference {
  kind: 'documents' | 'settings' | 'keys';
  /** One line for people; names indexes and keys, never a document or a secret. */
  text: string;
}

/** A search server as it was compared: its state, and the digests of its keys' secrets. */
export interface SearchHolding {
  state: SearchState;
  secrets: SearchKeySecrets;
}

/** Every way in which `actual` is not `expected`: by content of the indexes, rights and secrets of the keys. */
export function searchDifferences(expected: SearchHolding, actual: SearchHolding): SearchDifference[] {
  return [...indexDifferences(expected.state.indexes, actual.state.indexes), ...keyDifferences(expected, actual)];
}

type Indexes = Record<string, SearchIndexState>;

function indexDifferences(expected: Indexes, actual: Indexes): SearchDifference[] {
  const found = Object.entries(expected).flatMap(([uid, index]) => {
    const other = actual[uid];
    if (other === undefined) return [documents(`the index ${uid} is missing`)];
    return [...contentDifferences(uid, index, other), ...settingsDifferences(uid, index, other)];
  });
  const surplus = Object.keys(actual).filter((uid) => !(uid in expected));
  return [...found, ...surplus.map((uid) => documents(`the index ${uid} is not in the backup`))];
}

function contentDifferences(uid: string, expected: SearchIndexState, actual: SearchIndexState): SearchDifference[] {
  if (expected.documents !== actual.documents)
    return [documents(`${uid}: ${actual.documents} documents in place of ${expected.documents}`)];
  if (expected.contentDigest === actual.contentDigest) return [];
  return [documents(`${uid}: as many documents, with another content`)];
}

function settingsDifferences(uid: string, expected: SearchIndexState, actual: SearchIndexState): SearchDifference[] {
  const found: SearchDifference[] = [];
  if (expected.settingsDigest !== actual.settingsDigest)
    found.push({ kind: 'settings', text: `${uid}: other settings` });
  if (expected.primaryKey !== actual.primaryKey) {
    const text = `${uid}: primary key ${actual.primaryKey ?? 'none'} in place of ${expected.primaryKey ?? 'none'}`;
    found.push({ kind: 'settings', text });
  }
  return found;
}

function keyDifferences(expected: SearchHolding, actual: SearchHolding): SearchDifference[] {
  const byUid = new Map(actual.state.keys.map((key) => [key.uid, key]));
  const found = expected.state.keys.flatMap((key) => {
    const other = byUid.get(key.uid);
    if (other === undefined) return [keys(`the key ${nameOf(key)} is missing`)];
    const differences: SearchDifference[] = [];
    if (other.rightsDigest !== key.rightsDigest || other.name !== key.name)
      differences.push(keys(`the key ${nameOf(key)} has other rights`));
    const secret = expected.secrets[key.uid];
    if (secret === undefined || secret !== actual.secrets[key.uid])
      differences.push(keys(`the key ${nameOf(key)} has another secret`));
    return differences;
  });
  const known = new Set(expected.state.keys.map(({ uid }) => uid));
  const surplus = actual.state.keys.filter(({ uid }) => !known.has(uid));
  return [...found, ...surplus.map((key) => keys(`the key ${nameOf(key)} is not in the backup`))];
}

function nameOf({ uid, name }: SearchKeyState): string {
  return name === null ? uid : `"${name}" (${uid})`;
}

function documents(text: string): SearchDifference {
  return { kind: 'documents', text };
}

function keys(text: string): SearchDifference {
  return { kind: 'keys', text };
}
