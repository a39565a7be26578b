import { assert, asyncProperty, constantFrom, integer, string, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterPrefix, commonPrefix, inOrder } from './key-order.ts';
import { listPage, type ListPage, type ListRequest } from './listing.ts';
import type { Store } from './store.ts';
import { put, testStore } from './test-support.ts';
import { deleteObject, deleteVersion } from './versions.ts';

const all = { bucket: 'bucket', of: 'objects', prefix: '', delimiter: '', maxEntries: 1000 } as const;

function lines({ entries }: ListPage): string[] {
  return entries.map((entry) => (entry.kind === 'prefix' ? `${entry.prefix}…` : entry.version.key));
}

/** All pages, each asked for with what the page before ended on, as a client does. */
function pages(store: Store, request: ListRequest): string[] {
  const page = listPage(store, request);
  expect(page.entries.length).toBeLessThanOrEqual(request.maxEntries);
  const last = page.entries.at(-1);
  if (!page.truncated || !last) return lines(page);
  const after =
    last.kind === 'prefix' ? { key: last.prefix } : { key: last.version.key, versionId: last.version.versionId };
  return [
    ...lines(page),
    ...pages(store, { ...request, after: request.of === 'versions' ? after : { key: after.key } }),
  ];
}

/** What S3 says a listing is, without regard to speed. */
function expected(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const found = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const folded = commonPrefix(key, prefix, delimiter);
      return folded === undefined ? key : `${folded}…`;
    });
  return found.filter((line, index) => (line.endsWith('…') ? found.indexOf(line) === index : true));
}

const character = constantFrom('a', 'b', '/', ' ', '%', 'é', '\uD7FF', '\uE000', '\uFF5E', '😀', '\u{10FFFF}');
const text = string({ unit: character, maxLength: 6 });

describe('pages of a listing', () => {
  test('put together they are the listing, whatever keys, prefix, delimiter and length', async () => {
    const { store } = await testStore('Enabled');
    await assert(
      asyncProperty(
        uniqueArray(
          text.filter((key) => key !== ''),
          { maxLength: 25 },
        ),
        text,
        constantFrom('', '/', 'a', '😀', '\u{10FFFF}', '\uD7FF'),
        integer({ min: 1, max: 5 }),
        async (keys, prefix, delimiter, maxEntries) => {
          const { sql, transaction } = store.database;
          transaction(() => {
            void sql.run`DELETE FROM versions`;
            for (const key of keys) insert(store, key, `first ${key}`);
          });
          const ordered = keys.toSorted((a, b) => (inOrder(a, b) ? -1 : 1));
          const request = { ...all, prefix, delimiter, maxEntries };
          expect(pages(store, request)).toEqual(expected(ordered, prefix, delimiter));
          transaction(() => keys.forEach((key) => insert(store, key, `second ${key}`)));
          const twice = ordered.flatMap((key) => [key, key]);
          expect(pages(store, { ...request, of: 'versions' })).toEqual(expected(twice, prefix, delimiter));
        },
      ),
      { numRuns: 150, seed: 20_260_421 },
    );
  });

  test('skipping a folder reads none of the keys in it', async () => {
    const { store } = await testStore();
    const { sql, transaction } = store.database;
    transaction(() => {
      for (let index = 0; index < 20_000; index += 1) insert(store, `folder/${index}`, `v${index}`);
      insert(store, 'zoo', 'last');
    });
    let rows = 0;
    const counting: Store = {
      ...store,
      database: {
        ...store.database,
        sql: new Proxy(sql, {
          get: (target, name: 'all') =>
            name === 'all'
              ? (...query: Parameters<typeof sql.all>) => {
                  const found = target.all(...query);
                  rows += found.length;
                  return found;
                }
              : target[name],
        }),
      },
    };
    expect(lines(listPage(counting, { ...all, delimiter: '/', maxEntries: 10 }))).toEqual(['folder/…', 'zoo']);
    expect(rows).toBeLessThan(30);
  });

  test('delete markers are no objects, and are versions', async () => {
    const { store } = await testStore('Enabled');
    for (const key of ['a', 'b', 'b']) await put(store, key);
    await deleteObject(store, 'bucket', 'b');
    expect(lines(listPage(store, all))).toEqual(['a']);
    const { entries } = listPage(store, { ...all, of: 'versions' });
    const kinds = entries.map(
      (entry) => entry.kind === 'version' && [entry.version.key, entry.version.deleteMarker, entry.version.latest],
    );
    expect(kinds).toEqual([
      ['a', false, true],
      ['b', true, true],
      ['b', false, false],
      ['b', false, false],
    ]);
  });

  test('a marker that was deleted meanwhile skips no version', async () => {
    const { store } = await testStore('Enabled');
    const [oldest] = [await put(store, 'k', '1'), await put(store, 'k', '2')];
    const newest = await put(store, 'k', '3');
    await deleteVersion(store, 'bucket', 'k', newest.versionId);
    const after = { key: 'k', versionId: newest.versionId };
    const { entries } = listPage(store, { ...all, of: 'versions', after });
    expect(entries).toHaveLength(2);
    expect(entries.at(-1)).toMatchObject({ version: { versionId: oldest.versionId } });
  });

  test('nothing is asked for, nothing comes', async () => {
    const { store } = await testStore();
    await put(store, 'a');
    expect(listPage(store, { ...all, maxEntries: 0 })).toEqual({ entries: [], truncated: false });
  });
});

describe('the order of keys', () => {
  test.for([
    ['a', 'b'],
    ['a/', 'a0'],
    ['\uD7FF', '\uE000'],
    ['a\u{10FFFF}', 'b'],
    ['\u{10FFFF}', undefined],
    ['', undefined],
  ] as const)('behind all keys that begin with %j comes %j', ([prefix, next]) => {
    expect(afterPrefix(prefix)).toBe(next);
  });
});

function insert({ database: { sql } }: Store, key: string, versionId: string): void {
  void sql.run`UPDATE versions SET latest = 0 WHERE bucket = 'bucket' AND key = ${key}`;
  void sql.run`
    INSERT INTO versions (bucket, key, version_id, latest, delete_marker, modified_ms, size_bytes, etag, headers, tags, files)
    VALUES ('bucket', ${key}, ${versionId}, 1, 0, 0, 0, '', '{}', '{}', '[]')`;
}
