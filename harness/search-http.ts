import { createHash } from 'node:crypto';
import { request } from 'undici';
import type { DocumentByHttp, SearchByHttp } from '../domain/search-by-http.ts';
import type { SearchAccess } from '../domain/service.ts';

const pageSize = 1_000;
const answerWithinMs = 30_000;

/** Settings of every index and every key with its rights and secret, by plain HTTP. Throws where the server refuses. */
export async function askSearch(access: SearchAccess): Promise<SearchByHttp> {
  const settings: SearchByHttp['settings'] = {};
  for (const { uid } of await pages(access, '/indexes')) {
    const { body } = await get(access, `/indexes/${encodeURIComponent(String(uid))}/settings`);
    settings[String(uid)] = valuesOf(body);
  }
  const keys: SearchByHttp['keys'] = {};
  for (const { key, createdAt: _created, updatedAt: _updated, ...rest } of await pages(access, '/keys')) {
    keys[String(rest['uid'])] = {
      ...valuesOf({ ...rest, actions: inOrder(rest['actions']), indexes: inOrder(rest['indexes']) }),
      secret: createHash('sha256').update(String(key)).digest('hex'),
    };
  }
  return { settings, keys };
}

/** A document by plain HTTP. Throws where the server refuses. */
export async function askDocument(access: SearchAccess, index: string, id: string): Promise<DocumentByHttp> {
  const path = `/indexes/${encodeURIComponent(index)}/documents/${encodeURIComponent(id)}`;
  const { status, body } = await get(access, path, [200, 404]);
  return status === 404 ? 'absent' : canonical(body);
}

async function pages(access: SearchAccess, path: string): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  for (;;) {
    const { body } = await get(access, `${path}?limit=${pageSize}&offset=${all.length}`);
    const { results } = body as { results: Record<string, unknown>[] };
    all.push(...results);
    if (results.length < pageSize) return all;
  }
}

async function get(
  { host, masterKey }: SearchAccess,
  path: string,
  expected: readonly number[] = [200],
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await request(`${host}${path}`, {
    headers: { authorization: `Bearer ${masterKey}` },
    signal: AbortSignal.timeout(answerWithinMs),
    reset: true,
  });
  const body = (await response.body.json()) as Record<string, unknown>;
  if (expected.includes(response.statusCode)) return { status: response.statusCode, body };
  throw new Error(`GET ${path}: status ${response.statusCode}, ${String(body['code'])}`);
}

function valuesOf(object: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, canonical(value)]));
}

/** The rights of a key are sets: a server may give them in another order. */
function inOrder(value: unknown): unknown {
  return Array.isArray(value) ? value.map(String).toSorted() : value;
}

/** JSON with the names of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  );
}
