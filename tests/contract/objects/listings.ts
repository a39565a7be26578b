import pLimit from 'p-limit';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from 'minio';
import { signedRequest } from './signed-request.ts';
import { bucketOf, collect, elements, versionsOf, type ContractPart, type Listed } from './support.ts';

/** 1,101 flat keys, 1,002 folders of one key each, and a few keys beside them. No key lies below another: MinIO hides it. */
const manyKeys = Array.from({ length: 1101 }, (_, index) => `many-${String(index).padStart(5, '0')}`);
const folderKeys = Array.from({ length: 1002 }, (_, index) => `wide/f-${String(index).padStart(5, '0')}/leaf`);
const topKeys = ['alpha', 'beta', 'many', 'omega'];
const allKeys = [...manyKeys, ...folderKeys, ...topKeys].sort();

export const listingContract: ContractPart = (store) => {
  describe('listings', () => {
    let client: Client;
    let bucket = '';
    const ask = async (query: string) => {
      const answer = await signedRequest(store().access, { method: 'GET', bucket, query });
      expect(answer.status, answer.text).toBe(200);
      return answer.text;
    };
    const names = (entries: Listed[]) => entries.map(({ name, prefix }) => name ?? prefix);

    beforeAll(async () => {
      ({ client, bucket } = await bucketOf(store()));
      const limit = pLimit(8);
      await Promise.all(allKeys.map((key) => limit(() => client.putObject(bucket, key, key))));
    });

    /** Versions over all pages; the client signs a marker that holds a slash wrongly, so the pages are asked for here. */
    const versionPages = async (prefix: string, recursive: boolean): Promise<Listed[]> => {
      const entries: Listed[] = [];
      for (let next = ''; ;) {
        const text = await ask(`versions&prefix=${prefix}${recursive ? '' : '&delimiter=/'}${next}`);
        for (const [, name, folder] of text.matchAll(/<Key>(.*?)<\/Key>|<CommonPrefixes><Prefix>(.*?)<\/Prefix>/g)) {
          entries.push(name === undefined ? { prefix: String(folder) } : { name });
        }
        if (elements(text, 'IsTruncated').includes('false')) return entries;
        const [key = '', version = ''] = [...elements(text, 'NextKeyMarker'), ...elements(text, 'NextVersionIdMarker')];
        next = `&key-marker=${encodeURIComponent(key)}&version-id-marker=${version}`;
      }
    };
    const forms = {
      'version 1': async (prefix: string, recursive: boolean) => collect(client.listObjects(bucket, prefix, recursive)),
      'version 2': async (prefix: string, recursive: boolean) =>
        collect(client.listObjectsV2(bucket, prefix, recursive)),
      versions: versionPages,
    };

    describe.for(Object.entries(forms))('%s', ([, list]) => {
      test('every key comes once, in order, over all pages', async () => {
        expect(names(await list('', true))).toEqual(allKeys);
      });

      test('a prefix narrows it, also one that ends within a name', async () => {
        expect(names(await list('many-', true))).toEqual(manyKeys);
        expect(names(await list('many-0110', true))).toEqual(['many-01100']);
        expect(await list('nothing', true)).toEqual([]);
      });

      test('a delimiter folds what is below it', async () => {
        expect(new Set(names(await list('', false)))).toEqual(new Set([...topKeys, ...manyKeys, 'wide/']));
      });

      test('more than 1,000 folders come over several pages', async () => {
        const folders = folderKeys.map((key) => key.replace('leaf', ''));
        expect(names(await list('wide/', false))).toEqual(folders);
      });
    });

    test('the client pages through versions', async () => {
      const versions = await versionsOf(client, bucket, 'many-');
      expect(names(versions)).toEqual(manyKeys);
      expect(new Set(versions.map(({ versionId }) => versionId))).toEqual(new Set(['null']));
    });

    test('sizes, entity tags and times are those of the objects', async () => {
      const { etag, size } = await client.statObject(bucket, 'alpha');
      for (const listing of [client.listObjects(bucket, 'alpha', true), client.listObjectsV2(bucket, 'alpha', true)]) {
        const [entry] = await collect(listing);
        expect(entry).toMatchObject({ name: 'alpha', size, etag });
        expect(entry?.lastModified?.getTime()).toBeGreaterThan(Date.UTC(2024, 0));
      }
    });

    test('pages are as long as asked, and go on exactly where they ended', async () => {
      const seen: string[] = [];
      let pages = 0;
      for (let next = ''; ; pages += 1) {
        const text = await ask(`list-type=2&prefix=many&max-keys=250${next}`);
        const page = elements(text, 'Key');
        seen.push(...page);
        expect(elements(text, 'KeyCount')).toEqual([String(page.length)]);
        const [token] = elements(text, 'NextContinuationToken');
        expect(elements(text, 'IsTruncated')).toEqual([String(token !== undefined)]);
        if (token === undefined) break;
        expect(page).toHaveLength(250);
        next = `&continuation-token=${encodeURIComponent(token)}`;
      }
      expect(pages).toBe(4);
      expect(seen).toEqual(allKeys.filter((key) => key.startsWith('many')));
    });

    test('version 1 goes on behind a marker, a folder included', async () => {
      const after = await ask('prefix=many-&max-keys=2&marker=many-00003');
      expect(elements(after, 'Key')).toEqual(['many-00004', 'many-00005']);
      const first = await ask('delimiter=/&max-keys=1&marker=omega');
      expect(elements(first, 'Prefix')).toContain('wide/');
      const before = await ask('delimiter=/&max-keys=2&marker=many-01100');
      expect(elements(before, 'Key')).toEqual(['omega']);
      const folder = await ask('prefix=wide/&delimiter=/&max-keys=1');
      expect(elements(folder, 'IsTruncated')).toEqual(['true']);
      const [marker = ''] = elements(folder, 'NextMarker');
      const next = await ask(`prefix=wide/&delimiter=/&max-keys=1&marker=${encodeURIComponent(marker)}`);
      expect(elements(next, 'Prefix')).toContain('wide/f-00001/');
    });

    test('version 2 begins behind a key that need not exist', async () => {
      const text = await ask('list-type=2&prefix=many-&start-after=many-01098x');
      expect(elements(text, 'Key')).toEqual(['many-01099', 'many-01100']);
      expect(await collect(client.listObjectsV2(bucket, 'many-', true, 'many-01099'))).toHaveLength(1);
    });

    test('any text can be the delimiter', async () => {
      const text = await ask('list-type=2&prefix=a&delimiter=ph');
      expect(elements(text, 'Prefix')).toContain('alph');
      expect(elements(text, 'Key')).toEqual([]);
    });

    test('never more than 1,000 come at once; none when none are asked for', async () => {
      expect(elements(await ask('list-type=2&max-keys=5000'), 'Key')).toHaveLength(1000);
      expect(elements(await ask('list-type=2&max-keys=0'), 'Key')).toEqual([]);
    });

    test.for(['max-keys=-1', 'max-keys=ten', 'encoding-type=base64', 'list-type=2&continuation-token=!!!'])(
      '%s is refused',
      async (query) => {
        const answer = await signedRequest(store().access, { method: 'GET', bucket, query });
        expect(answer).toMatchObject({ status: 400, code: 'InvalidArgument' });
      },
    );

    test('many objects are deleted together', async () => {
      expect(await client.removeObjects(bucket, folderKeys)).toEqual([]);
      expect(await collect(client.listObjectsV2(bucket, 'wide/', true))).toEqual([]);
      expect(await collect(client.listObjectsV2(bucket, 'many-', true))).toHaveLength(manyKeys.length);
    });
  });
};
