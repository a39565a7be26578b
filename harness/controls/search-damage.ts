import type { Key } from 'meilisearch';
import { isServersOwnKey } from '../../domain/search-backup.ts';
import type { SearchAccess } from '../../domain/service.ts';
import { searchClient } from '../../stack/clients.ts';
import { nothingToDamage, type Damage } from './damaging.ts';

/** Removes one document: the count is off by one, the health flag is green. */
export async function removeDocument(access: SearchAccess): Promise<Damage> {
  const client = searchClient(access);
  const uid = await firstIndex(access);
  const index = client.index(uid);
  const key = (await index.fetchPrimaryKey()) ?? 'id';
  const document = (await index.getDocuments({ limit: 1 })).results[0];
  if (!document) throw nothingToDamage('a document');
  const id = String(document[key]);
  await index.deleteDocument(id).waitTask();
  return {
    description: `document ${id} removed from the index ${uid}`,
    undo: async () => void (await index.addDocuments([document]).waitTask()),
  };
}

/** Changes one text of one document: the count stays as it is. */
export async function changeDocument(access: SearchAccess): Promise<Damage> {
  const uid = await firstIndex(access);
  const index = searchClient(access).index(uid);
  const key = (await index.fetchPrimaryKey()) ?? 'id';
  const document = (await index.getDocuments({ limit: 1 })).results[0];
  const field = Object.entries(document ?? {}).find(([name, value]) => name !== key && typeof value === 'string')?.[0];
  if (document === undefined || field === undefined) throw nothingToDamage('a document with a text');
  const changed = { [key]: document[key], [field]: `${String(document[field])} of yesterday` };
  await index.updateDocuments([changed]).waitTask();
  return {
    description: `${field} of document ${String(document[key])} in the index ${uid} changed`,
    undo: async () => void (await index.updateDocuments([document]).waitTask()),
  };
}

/** Gives an index another stop word. */
export async function changeSettings(access: SearchAccess): Promise<Damage> {
  const uid = await firstIndex(access);
  const index = searchClient(access).index(uid);
  const { stopWords } = await index.getSettings();
  await index.updateStopWords([...(stopWords ?? []), 'sabotage']).waitTask();
  return {
    description: `a stop word added to the index ${uid}`,
    undo: async () => void (await index.updateStopWords(stopWords ?? []).waitTask()),
  };
}

/** Deletes a key that somebody made. */
export async function removeKey(access: SearchAccess): Promise<Damage> {
  const key = await firstKey(access);
  await searchClient(access).deleteKey(key.uid);
  return { description: `the key ${nameOf(key)} deleted`, undo: () => create(access, key, key.uid) };
}

/** Makes a key again as a person would: the same name and rights, but a new uid, from which another secret follows. */
export async function remakeKey(access: SearchAccess): Promise<Damage> {
  const client = searchClient(access);
  const key = await firstKey(access);
  await client.deleteKey(key.uid);
  await create(access, key);
  return {
    description: `the key ${nameOf(key)} made again by hand, with another secret`,
    undo: async () => {
      const { results } = await client.getKeys({ limit: 1_000 });
      for (const { uid, name } of results) if (name === key.name) await client.deleteKey(uid);
      await create(access, key, key.uid);
    },
  };
}

async function create(access: SearchAccess, key: Key, uid?: string): Promise<void> {
  const { name, description, actions, indexes, expiresAt } = key;
  await searchClient(access).createKey({
    ...(uid !== undefined && { uid }),
    ...(typeof name === 'string' && { name }),
    ...(description !== undefined && { description }),
    actions,
    indexes,
    expiresAt,
  });
}

async function firstIndex(access: SearchAccess): Promise<string> {
  const { results } = await searchClient(access).getIndexes({ limit: 1 });
  if (results[0]) return results[0].uid;
  throw nothingToDamage('a search index');
}

async function firstKey(access: SearchAccess): Promise<Key> {
  const { results } = await searchClient(access).getKeys({ limit: 1_000 });
  const key = results.find(({ uid, name }) => !isServersOwnKey({ uid, name: name ?? null, rightsDigest: '' }));
  if (key) return key;
  throw nothingToDamage('a key that the server did not make itself');
}

function nameOf({ name, uid }: Key): string {
  return typeof name === 'string' ? `"${name}"` : uid;
}
