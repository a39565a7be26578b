import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from 'minio';
import { send, signedRequest } from './signed-request.ts';
import { bucketOf, collect, elements, readText, type ContractPart } from './support.ts';

/** In the order of UTF-8; in UTF-16, which JavaScript sorts by, the last two would change places. */
const oddKeys = [
  ' leading',
  '*',
  '.hidden',
  'a',
  'a b',
  'a%2Fb',
  'a%b',
  'a+b',
  'a..b',
  'back\\slash',
  'c/d/e.txt',
  'hash#mark',
  'line\nfeed',
  'quest?ion=1&x=2',
  'tab\tstop',
  'trailing ',
  'x&y<z>"\'',
  'ünï/çødé',
  '日本/語',
  '\uFF5E',
  '😀',
].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

export const keyContract: ContractPart = (store) => {
  describe('keys', () => {
    let client: Client;
    let bucket = '';

    beforeAll(async () => {
      ({ client, bucket } = await bucketOf(store()));
      for (const key of oddKeys) await client.putObject(bucket, key, `content of ${key}`);
    });

    test.for(oddKeys)('%j is a key like any other', async (key) => {
      expect(await readText(client, bucket, key)).toBe(`content of ${key}`);
      expect((await client.statObject(bucket, key)).size).toBe(Buffer.byteLength(`content of ${key}`));
    });

    test('every listing gives them as they are, in the order of UTF-8', async () => {
      for (const listing of [
        client.listObjects(bucket, '', true),
        client.listObjectsV2(bucket, '', true),
        client.listObjects(bucket, '', true, { IncludeVersion: true }),
      ]) {
        expect((await collect(listing)).map(({ name }) => name)).toEqual(oddKeys);
      }
    });

    test('a listing without url encoding is well-formed all the same', async () => {
      const answer = await signedRequest(store().access, { method: 'GET', bucket, query: 'list-type=2&prefix=x' });
      const [key = ''] = elements(answer.text, 'Key');
      expect(key).toMatch(/^x&amp;y&lt;z&gt;(&quot;|&#34;)('|&apos;|&#39;)$/);
    });

    test('a page that ends on an odd key goes on behind it', async () => {
      const seen: string[] = [];
      for (let token = ''; ;) {
        const query = `list-type=2&encoding-type=url&max-keys=2${token && `&continuation-token=${encodeURIComponent(token)}`}`;
        const { text } = await signedRequest(store().access, { method: 'GET', bucket, query });
        seen.push(...elements(text, 'Key').map((key) => decodeURIComponent(key.replaceAll('+', ' '))));
        [token = ''] = elements(text, 'NextContinuationToken');
        if (token === '') break;
      }
      expect(seen).toEqual(oddKeys);
    });

    test('they can be copied, deleted one by one, and deleted together', async () => {
      const own = await bucketOf(store());
      for (const key of oddKeys.slice(0, 4)) await own.client.putObject(own.bucket, key, 'x');
      for (const key of oddKeys.slice(0, 2)) await own.client.removeObject(own.bucket, key);
      expect(await own.client.removeObjects(own.bucket, oddKeys.slice(2, 4))).toEqual([]);
      expect(await collect(own.client.listObjectsV2(own.bucket, '', true))).toEqual([]);
    });

    test('a key of 1024 bytes is the longest', async () => {
      const longest = 'd/'.repeat(500).padEnd(1024, 'x');
      await client.putObject(bucket, longest, 'x');
      expect(await readText(client, bucket, longest)).toBe('x');
      await client.removeObject(bucket, longest);
      const longer = await signedRequest(store().access, { method: 'PUT', bucket, key: `${longest}x`, body: 'x' });
      expect(longer).toMatchObject({ status: 400, code: 'KeyTooLongError' });
    });

    test.for(['../escaped', 'a/../../escaped', '../../../../../../tmp/escaped', './x', '..', 'a/..', 'nul\0byte'])(
      '%j leads nowhere',
      async (key) => {
        const before = await collect(client.listObjectsV2(bucket, '', true));
        const plain = await signedRequest(store().access, { method: 'PUT', bucket, key, body: 'x' });
        const path = `/${bucket}/${encodeURIComponent(key).replaceAll('.', '%2E')}`;
        const encoded = await signedRequest(store().access, { method: 'PUT', path, body: 'x' });
        for (const { status, code } of [plain, encoded]) {
          expect(status, code).toBeGreaterThanOrEqual(400);
          expect(status, code).toBeLessThan(500);
        }
        expect(await collect(client.listObjectsV2(bucket, '', true))).toEqual(before);
      },
    );

    test('a path that is no UTF-8 is refused', async () => {
      for (const path of [`/${bucket}/x%FFy`, `/${bucket}/x%zz`]) {
        const { status } = await send(store().access, 'GET', path);
        expect(status, path).toBeGreaterThanOrEqual(400);
        expect(status, path).toBeLessThan(500);
      }
    });
  });
};
