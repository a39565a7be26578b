import { createHash } from 'node:crypto';
import type { Index, Meilisearch } from 'meilisearch';
import type { SearchAccess } from '../domain/service.ts';
import type { SearchHolding, SearchIndexState, SearchKeySecrets, SearchKeyState } from '../domain/search-backup.ts';
import { searchClient } from '../stack/clients.ts';

/** Documents, indexes or keys that are asked for at a time. */
const pageSize = 1_000;

/**
 * What a search server holds: each index by its documents' content and its settings, and its keys. Read in pages, so
 * memory is bounded by one of them. What is written meanwhile may be in it or not.
 */
export async function observeSearch(access: SearchAccess, signal?: AbortSignal): Promise<SearchHolding> {
  const client = searchClient(access);
  const indexes: Record<string, SearchIndexState> = {};
  for (let offset = 0; ; offset += pageSize) {
    const { results } = await client.getRawIndexes({ limit: pageSize, offset });
    for (const { uid, primaryKey } of results) {
      const index = client.index(uid);
      const settingsDigest = digestOf(await index.getSettings());
      indexes[uid] = { ...(await contentOf(index, signal)), primaryKey: primaryKey ?? null, settingsDigest };
    }
    if (results.length < pageSize) break;
  }
  const { keys, secrets } = await keysOf(client);
  return { state: { indexes, keys }, secrets };
}

async function contentOf(
  index: Index,
  signal: AbortSignal | undefined,
): Promise<Pick<SearchIndexState, 'documents' | 'contentDigest'>> {
  let documents = 0;
  let sum = 0n;
  for (let offset = 0; ; offset += pageSize) {
    signal?.throwIfAborted();
    const { results } = await index.getDocuments({ limit: pageSize, offset });
    for (const document of results) sum += BigInt(`0x${digestOf(document)}`);
    documents += results.length;
    if (results.length < pageSize) break;
  }
  // A sum does not depend on the order, and unlike an exclusive or it tells a document that is there twice.
  return { documents, contentDigest: BigInt.asUintN(256, sum).toString(16).padStart(64, '0') };
}

async function keysOf(client: Meilisearch): Promise<{ keys: SearchKeyState[]; secrets: SearchKeySecrets }> {
  const keys: SearchKeyState[] = [];
  const secrets: Record<string, string> = {};
  for (let offset = 0; ; offset += pageSize) {
    const { results } = await client.getKeys({ limit: pageSize, offset });
    for (const { uid, key, name, description, actions, indexes, expiresAt } of results) {
      const rights = { description, actions: actions.toSorted(), indexes: indexes.toSorted(), expiresAt };
      keys.push({ uid, name: name ?? null, rightsDigest: digestOf(rights) });
      secrets[uid] = sha256(key);
    }
    if (results.length < pageSize) break;
  }
  return { keys: keys.sort((a, b) => (a.uid < b.uid ? -1 : 1)), secrets };
}

/** sha256 of a JSON value, whatever the order of names in its objects. */
function digestOf(value: unknown): string {
  return sha256(JSON.stringify(value, (_name, each: unknown) => (isObject(each) ? sorted(each) : each)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function sorted(object: Record<string, unknown>): [string, unknown][] {
  // Pairs, since a name that is a number would be put in front again; a list of pairs is no value that JSON had there.
  return Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
