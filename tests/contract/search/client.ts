import { Meilisearch, MeilisearchApiError, type Index, type Task } from 'meilisearch';
import { expect } from 'vitest';
import type { SearchAccess, SearchServer } from '../../../domain/service.ts';

/** A thing that is sold, the only kind of document in these tests. */
export interface Thing {
  id: number;
  name: string;
  maker?: string;
  kind?: string;
  price?: number | null;
  colours?: string[];
  inStock?: boolean;
}

/** The server that runs while a part of the contract is held. */
export type RunningSearch = () => SearchServer;

export const things: Thing[] = [
  { id: 1, name: 'Copper kettle', maker: 'Anna Berg', kind: 'kettle', price: 40, colours: ['copper'], inStock: true },
  {
    id: 2,
    name: 'Small kettle',
    maker: 'Karl Lind',
    kind: 'kettle',
    price: 25,
    colours: ['red', 'white'],
    inStock: false,
  },
  { id: 3, name: 'Blue teapot', maker: 'Anna Berg', kind: 'teapot', price: 32, colours: ['blue'], inStock: true },
  { id: 4, name: 'Tea cup with a kettle on it', maker: 'Zoë Ström', kind: 'cup', price: 8, colours: [], inStock: true },
  {
    id: 5,
    name: 'Porcelain saucer',
    maker: 'Karl Lind',
    kind: 'saucer',
    price: null,
    colours: ['white'],
    inStock: true,
  },
  { id: 6, name: 'Wooden spoon', maker: 'Berg & Sons', kind: 'spoon', inStock: false },
];

/** The client of the contract; a task is waited for up to a minute. */
export function clientOf({ host, masterKey }: SearchAccess, apiKey = masterKey): Meilisearch {
  return new Meilisearch({ host, apiKey, defaultWaitOptions: { timeout: 60_000, interval: 20 } });
}

/** Waits for a task that must succeed. */
export async function succeeded(waited: Promise<Task>): Promise<Task> {
  const task = await waited;
  expect(task.status, JSON.stringify(task.error)).toBe('succeeded');
  return task;
}

/** A new index with the settings and documents of these tests. */
export async function thingsIndex(client: Meilisearch, uid: string): Promise<Index<Thing>> {
  await succeeded(client.createIndex(uid, { primaryKey: 'id' }).waitTask());
  const index = client.index<Thing>(uid);
  await succeeded(
    index
      .updateSettings({
        searchableAttributes: ['name', 'maker', 'colours'],
        filterableAttributes: ['kind', 'price', 'colours', 'inStock'],
        sortableAttributes: ['price', 'name'],
        stopWords: ['with', 'a', 'on', 'it'],
        synonyms: { mug: ['cup'] },
      })
      .waitTask(),
  );
  await succeeded(index.addDocuments(things).waitTask());
  return index;
}

/** The code with which a request is refused. */
export async function refusalOf(request: Promise<unknown>): Promise<string | undefined> {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MeilisearchApiError);
  return (error as MeilisearchApiError).cause?.code;
}

/** Ids of what a search found, in its order. */
export function idsOf({ hits }: { hits: { id: number }[] }): number[] {
  return hits.map(({ id }) => id);
}
