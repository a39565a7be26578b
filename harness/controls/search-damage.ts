import type { Index, Key, Settings } from 'meilisearch';
import { isServersOwnKey } from '../../domain/search-backup.ts';
import type { SearchAccess } from '../../domain/service.ts';
import { searchClient } from '../../stack/clients.ts';
import type { DrillContext } from '../context.ts';
import { drawn } from '../draw.ts';
import { nothingToDamage, type Damage } from './damaging.ts';

/** Removes one document, drawn by the seed: the count is off by one, the health flag is green. */
export async function removeDocument(context: DrillContext, access: SearchAccess): Promise<Damage> {
  const { index, key, document } = await drawnDocument(context, access);
  const id = String(document[key]);
  await index.deleteDocument(id).waitTask();
  return {
    description: `document ${id} removed from the index ${index.uid}`,
    undo: async () => void (await index.addDocuments([document]).waitTask()),
  };
}

/** Changes one text of one document, both drawn by the seed: the count stays as it is. */
export async function changeDocument(context: DrillContext, access: SearchAccess): Promise<Damage> {
  const { index, key, document } = await drawnDocument(context, access);
  const texts = Object.keys(document).filter((name) => name !== key && typeof document[name] === 'string');
  const field = drawn(context, texts.toSorted(), 'field of a document');
  if (field === undefined) throw nothingToDamage('a document with a text');
  const changed = { [key]: document[key], [field]: `${String(document[field])} of yesterday` };
  await index.updateDocuments([changed]).waitTask();
  return {
    description: `${field} of document ${String(document[key])} in the index ${index.uid} changed`,
    undo: async () => void (await index.updateDocuments([document]).waitTask()),
  };
}

/** What can be done to each setting, so that it is another one. */
const otherSettings: Readonly<Record<string, (now: Settings) => Settings>> = {
  stopWords: ({ stopWords }) => ({ stopWords: [...(stopWords ?? []), 'sabotage'] }),
  synonyms: ({ synonyms }) => ({ synonyms: { ...synonyms, sabotage: ['damage'] } }),
  sortableAttributes: ({ sortableAttributes }) => ({ sortableAttributes: [...(sortableAttributes ?? []), 'sabotage'] }),
  rankingRules: ({ rankingRules }) => ({ rankingRules: (rankingRules ?? []).toReversed() }),
  displayedAttributes: () => ({ displayedAttributes: ['sabotage'] }),
};

/** Gives an index another value of one setting, drawn by the seed. */
export async function changeSettings(context: DrillContext, access: SearchAccess): Promise<Damage> {
  const index = searchClient(access).index(await drawnIndex(context, access));
  const name = drawn(context, Object.keys(otherSettings), 'setting') ?? '';
  const settings = await index.getSettings();
  await index.updateSettings(otherSettings[name]?.(settings) ?? {}).waitTask();
  return {
    description: `${name} of the index ${index.uid} changed`,
    undo: async () => void (await index.updateSettings({ [name]: settings[name as keyof Settings] }).waitTask()),
  };
}

/** Deletes a key that somebody made, drawn by the seed. */
export async function removeKey(context: DrillContext, access: SearchAccess): Promise<Damage> {
  const key = await drawnKey(context, access);
  await searchClient(access).deleteKey(key.uid);
  return { description: `the key ${nameOf(key)} deleted`, undo: () => create(access, key, key.uid) };
}

/** Makes a key again as a person would: the same name and rights, but a new uid, from which another secret follows. */
export async function remakeKey(context: DrillContext, access: SearchAccess): Promise<Damage> {
  const client = searchClient(access);
  const key = await drawnKey(context, access);
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

/** One of the indexes that have documents. */
async function drawnIndex(context: DrillContext, access: SearchAccess): Promise<string> {
  const { indexes } = await searchClient(access).getStats();
  const filled = Object.keys(indexes).filter((uid) => (indexes[uid]?.numberOfDocuments ?? 0) > 0);
  const uid = drawn(context, filled.toSorted(), 'search index');
  if (uid !== undefined) return uid;
  throw nothingToDamage('a search index with documents');
}

/** So many documents are drawn from at most. */
const mostDocuments = 1_000;

/**
 * One of the older half of the documents, and none that the drill has edited: what is new or changed is indexed again by
 * a catch-up, which would undo the damage.
 */
async function drawnDocument(
  context: DrillContext,
  access: SearchAccess,
): Promise<{ index: Index; key: string; document: Record<string, unknown> }> {
  const index = searchClient(access).index(await drawnIndex(context, access));
  const key = (await index.fetchPrimaryKey()) ?? 'id';
  const { numberOfDocuments } = await index.getStats();
  const limit = Math.min(Math.ceil(numberOfDocuments / 2), mostDocuments);
  const edited = new Set(context.state.searchEdits?.map(({ id }) => id));
  const documents = (await index.getDocuments({ limit })).results.filter((each) => !edited.has(String(each[key])));
  const document = drawn(context, documents, 'document');
  if (document) return { index, key, document };
  throw nothingToDamage('a document');
}

async function drawnKey(context: DrillContext, access: SearchAccess): Promise<Key> {
  const { results } = await searchClient(access).getKeys({ limit: 1_000 });
  const made = results.filter(({ uid, name }) => !isServersOwnKey({ uid, name: name ?? null, rightsDigest: '' }));
  const key = drawn(
    context,
    made.toSorted((one, other) => (one.uid < other.uid ? -1 : 1)),
    'search key',
  );
  if (key) return key;
  throw nothingToDamage('a key that the server did not make itself');
}

function nameOf({ name, uid }: Key): string {
  return typeof name === 'string' ? `"${name}"` : uid;
}
