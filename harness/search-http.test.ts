import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SearchAccess } from '../domain/service.ts';
import { askDocument, askSearch } from './search-http.ts';

/** A search server as plain answers; 1,500 keys, so that a page is not all. */
let server: FastifyInstance;
let access: SearchAccess;
let settings: Record<string, unknown> = {};
let key: Record<string, unknown> = {};
const wholeKey = {
  uid: 'k0',
  key: 'secret',
  name: 'Storefront',
  description: 'of the shop',
  actions: ['search', 'documents.get'],
  indexes: ['works'],
  expiresAt: null,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
};

beforeAll(async () => {
  server = fastify();
  server.addHook('onRequest', async ({ headers }, reply) => {
    if (headers.authorization === 'Bearer master') return;
    await reply.code(403).send({ code: 'invalid_api_key' });
  });
  server.get('/indexes', async () => ({ results: [{ uid: 'works' }] }));
  server.get('/indexes/works/settings', async () => settings);
  server.get('/indexes/works/documents/7', async () => ({ title: 'b', id: 7 }));
  server.get('/indexes/works/documents/8', async (_request, reply) => reply.code(404).send({ code: 'not_found' }));
  server.get<{ Querystring: { limit: string; offset: string } }>('/keys', async ({ query }) => {
    const all = [key, ...Array.from({ length: 1_499 }, (_, number) => ({ ...wholeKey, uid: `k${number + 1}` }))];
    return { results: all.slice(Number(query.offset), Number(query.offset) + Number(query.limit)) };
  });
  access = { host: await server.listen({ host: '127.0.0.1', port: 0 }), masterKey: 'master' };
});
afterAll(() => server.close());

test('every setting and every property of a key is seen, whatever it is called, and every key of all pages', async () => {
  settings = { stopWords: ['a'], aSettingOfNextYear: { on: true, at: 1 } };
  key = wholeKey;
  const before = await askSearch(access);
  expect(Object.keys(before.keys)).toHaveLength(1_500);
  settings = { aSettingOfNextYear: { at: 1, on: true }, stopWords: ['a'] };
  key = { ...wholeKey, actions: wholeKey.actions.toReversed(), updatedAt: '2026-02-02T00:00:00Z' };
  expect(await askSearch(access), 'the order of names and rights does not count').toEqual(before);

  settings = { ...settings, aSettingOfNextYear: { at: 2, on: true } };
  expect((await askSearch(access)).settings).not.toEqual(before.settings);
  for (const changed of [
    { key: 'another' },
    { name: 'Other' },
    { description: null },
    { actions: ['search'] },
    { indexes: ['*'] },
    { expiresAt: '2027-01-01T00:00:00Z' },
  ]) {
    key = { ...wholeKey, ...changed };
    expect((await askSearch(access)).keys['k0'], JSON.stringify(changed)).not.toEqual(before.keys['k0']);
  }
  expect(JSON.stringify(before)).not.toContain('"secret":"secret"');
});

test('a document is given with its names in order, one that is not there is absent', async () => {
  expect(await askDocument(access, 'works', '7')).toBe('{"id":7,"title":"b"}');
  expect(await askDocument(access, 'works', '8')).toBe('absent');
});

test('a server that refuses is no empty server', async () => {
  await expect(askSearch({ ...access, masterKey: 'other' })).rejects.toThrow('status 403, invalid_api_key');
});
