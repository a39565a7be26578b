import { beforeEach, describe, expect, test } from 'vitest';
import type { Client } from 'minio';
import { signedRequest, type RawRequest } from './signed-request.ts';
import { bucketOf, collect, elements, md5, readText, versionsOf, type ContractPart, type Listed } from './support.ts';

const unknownVersion = '11111111-1111-4111-8111-111111111111';

export const versionContract: ContractPart = (store) => {
  describe('versions', () => {
    let client: Client;
    let bucket = '';
    const ask = (raw: Partial<RawRequest>) =>
      signedRequest(store().access, { method: 'GET', bucket, key: 'k', ...raw });
    const askBucket = (raw: Partial<RawRequest>) => signedRequest(store().access, { method: 'GET', bucket, ...raw });
    const put = async (content: string, key = 'k') => String((await client.putObject(bucket, key, content)).versionId);
    const remove = async () => String((await ask({ method: 'DELETE' })).headers['x-amz-version-id']);
    const kinds = (entries: Listed[]) =>
      entries.map(({ versionId, isLatest, isDeleteMarker }) =>
        [versionId, isDeleteMarker ? 'marker' : 'version', String(isLatest) === 'true' ? 'latest' : 'older'].join(' '),
      );

    beforeEach(async () => {
      ({ client, bucket } = await bucketOf(store(), { versioned: true }));
    });

    test('each write is a version of its own; the newest is the object', async () => {
      const [first, second] = [await put('one'), await put('two')];
      expect(first).not.toBe(second);
      expect(await readText(client, bucket, 'k')).toBe('two');
      expect(await readText(client, bucket, 'k', first)).toBe('one');
      expect(await client.statObject(bucket, 'k', { versionId: first })).toMatchObject({
        versionId: first,
        etag: md5('one'),
      });
      expect(kinds(await versionsOf(client, bucket))).toEqual([`${second} version latest`, `${first} version older`]);
    });

    test('a deletion hides the object behind a marker; what was written stays', async () => {
      const first = await put('one');
      const marker = await remove();
      const answer = await ask({});
      expect(answer).toMatchObject({ status: 404, code: 'NoSuchKey' });
      expect(answer.headers).toMatchObject({ 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker });
      expect(await collect(client.listObjectsV2(bucket, '', true))).toEqual([]);
      expect(await readText(client, bucket, 'k', first)).toBe('one');
      expect(kinds(await versionsOf(client, bucket)).toSorted()).toEqual(
        [`${marker} marker latest`, `${first} version older`].toSorted(),
      );
    });

    test('a marker cannot be read by its id', async () => {
      await put('one');
      const marker = await remove();
      for (const method of ['GET', 'HEAD']) {
        const answer = await ask({ method, query: `versionId=${marker}` });
        expect(answer.status).toBe(405);
        expect(answer.headers).toMatchObject({ 'x-amz-delete-marker': 'true' });
      }
    });

    test('without its marker the object is back', async () => {
      await put('one');
      const marker = await remove();
      await client.removeObject(bucket, 'k', { versionId: marker });
      expect(await readText(client, bucket, 'k')).toBe('one');
      expect((await collect(client.listObjectsV2(bucket, '', true))).map(({ name }) => name)).toEqual(['k']);
    });

    test('a version deleted by its id is gone for good, and the one before it is the object', async () => {
      const [first, second] = [await put('one'), await put('two')];
      await client.removeObject(bucket, 'k', { versionId: second });
      expect(await readText(client, bucket, 'k')).toBe('one');
      await expect(client.getObject(bucket, 'k', { versionId: second })).rejects.toMatchObject({
        code: 'NoSuchVersion',
      });
      await client.removeObject(bucket, 'k', { versionId: first });
      expect(await ask({})).toMatchObject({ status: 404, code: 'NoSuchKey' });
      expect(await versionsOf(client, bucket)).toEqual([]);
      await client.removeBucket(bucket);
    });

    test('a version that never was is said not to be; deleting it is no error', async () => {
      await put('one');
      expect(await ask({ query: `versionId=${unknownVersion}` })).toMatchObject({ status: 404, code: 'NoSuchVersion' });
      expect(await ask({ query: 'versionId=nonsense' })).toMatchObject({ status: 400, code: 'InvalidArgument' });
      expect(await ask({ method: 'DELETE', query: `versionId=${unknownVersion}` })).toMatchObject({ status: 204 });
      expect(await readText(client, bucket, 'k')).toBe('one');
    });

    test('what was written before versioning is the version "null"', async () => {
      const plain = await bucketOf(store());
      await client.putObject(plain.bucket, 'k', 'before');
      await client.setBucketVersioning(plain.bucket, { Status: 'Enabled' });
      await client.putObject(plain.bucket, 'k', 'after');
      expect(await readText(client, plain.bucket, 'k', 'null')).toBe('before');
      expect((await versionsOf(client, plain.bucket)).map(({ versionId }) => versionId)).toContain('null');
    });

    test('suspended, writes replace the version "null" and leave the others alone', async () => {
      const kept = await put('kept');
      await client.setBucketVersioning(bucket, { Status: 'Suspended' });
      for (const content of ['s1', 's2']) await client.putObject(bucket, 'k', content);
      expect(await readText(client, bucket, 'k')).toBe('s2');
      expect(kinds(await versionsOf(client, bucket))).toEqual(['null version latest', `${kept} version older`]);
      await client.removeObject(bucket, 'k');
      expect(await ask({})).toMatchObject({ status: 404 });
      expect(kinds(await versionsOf(client, bucket)).toSorted()).toEqual(
        ['null marker latest', `${kept} version older`].toSorted(),
      );
    });

    test('the listing itself mixes versions and markers, newest first within a key', async () => {
      const order = [await put('one'), await remove(), await put('two'), await remove()].toReversed();
      const other = await put('x', 'a');
      const { text } = await askBucket({ query: 'versions' });
      expect(elements(text, 'VersionId')).toEqual([other, ...order]);
      expect(elements(text, 'IsLatest')).toEqual(['true', 'true', 'false', 'false', 'false']);
      expect([...text.matchAll(/<(Version|DeleteMarker)>/g)].map(([, kind]) => kind)).toEqual([
        'Version',
        'DeleteMarker',
        'Version',
        'DeleteMarker',
        'Version',
      ]);
    });

    test('its pages may end between two versions of a key', async () => {
      const order = [await put('1'), await put('2'), await put('3'), await remove(), await put('4')].toReversed();
      const last = await put('x', 'z');
      const seen: string[] = [];
      for (let next = ''; ;) {
        const { text } = await askBucket({ query: `versions&max-keys=2${next}` });
        seen.push(...elements(text, 'VersionId'));
        if (elements(text, 'IsTruncated').includes('false')) break;
        const [key = '', version = ''] = [...elements(text, 'NextKeyMarker'), ...elements(text, 'NextVersionIdMarker')];
        next = `&key-marker=${encodeURIComponent(key)}&version-id-marker=${version}`;
      }
      expect(seen).toEqual([...order, last]);
    });

    test('versions are deleted together, markers included, and what cannot be is named', async () => {
      const [first, second] = [await put('one'), await put('two')];
      const marker = await remove();
      await put('x', 'other');
      expect(
        await client.removeObjects(bucket, [
          { name: 'k', versionId: second },
          { name: 'k', versionId: marker },
        ]),
      ).toEqual([]);
      expect(await readText(client, bucket, 'k')).toBe('one');
      await client.removeObjects(bucket, [{ name: 'other' }, { name: 'k', versionId: first }]);
      expect(
        kinds(await versionsOf(client, bucket))
          .map((kind) => kind.replace(/^\S+ /, ''))
          .toSorted(),
      ).toEqual(['marker latest', 'version older']);
      const body = '<Delete><Object><Key>other</Key><VersionId>nonsense</VersionId></Object></Delete>';
      const digest = Buffer.from(md5(body), 'hex').toString('base64');
      const answer = await askBucket({ method: 'POST', query: 'delete', body, headers: { 'content-md5': digest } });
      expect(answer.text).toMatch(/<Error>.*<Code>(InvalidArgument|NoSuchVersion)<\/Code>/);
    });

    test('tags belong to a version', async () => {
      const first = await put('one');
      await put('two');
      await client.setObjectTagging(bucket, 'k', { of: 'first' }, { versionId: first });
      expect(await client.getObjectTagging(bucket, 'k')).toEqual([]);
      expect((await client.getObjectTagging(bucket, 'k', { versionId: first })).flat()).toEqual([
        { Key: 'of', Value: 'first' },
      ]);
    });
  });
};
