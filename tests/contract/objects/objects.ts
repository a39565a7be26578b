import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from 'minio';
import { buffer } from 'node:stream/consumers';
import { signedRequest, type RawRequest } from './signed-request.ts';
import { bucketOf, md5, read, readText, type ContractPart } from './support.ts';

const megabyte = 1024 * 1024;

export const objectContract: ContractPart = (store) => {
  describe('objects', () => {
    let client: Client;
    let bucket = '';
    const ask = (raw: Partial<RawRequest>) =>
      signedRequest(store().access, { method: 'GET', bucket, key: 'ten', ...raw });

    beforeAll(async () => {
      ({ client, bucket } = await bucketOf(store()));
      await client.putObject(bucket, 'ten', '0123456789', undefined, { 'Content-Type': 'text/plain' });
    });

    test.for([0, 1, 10_000, 128 * 1024, 30 * megabyte])('%i bytes come back as they went in', async (sizeBytes) => {
      const content = randomBytes(sizeBytes);
      const key = `size-${sizeBytes}`;
      const { etag } = await client.putObject(bucket, key, content);
      expect(etag).toBe(md5(content));
      const stat = await client.statObject(bucket, key);
      expect(stat).toMatchObject({ size: sizeBytes, etag });
      expect((await read(client, bucket, key)).equals(content)).toBe(true);
    });

    test('a stream of unknown length comes back whole', async () => {
      const content = randomBytes(3 * megabyte);
      await client.putObject(
        bucket,
        'stream',
        Readable.from([content.subarray(0, megabyte), content.subarray(megabyte)]),
      );
      expect((await read(client, bucket, 'stream')).equals(content)).toBe(true);
    });

    test('headers and user metadata are kept', async () => {
      const metaData = {
        'Content-Type': 'text/csv; charset=utf-8',
        'Cache-Control': 'no-cache',
        'Content-Disposition': 'attachment; filename="a b.csv"',
        'Content-Language': 'ro',
        'X-Amz-Meta-Owner': 'somebody',
        note: 'two  words',
      };
      await client.putObject(bucket, 'described', 'a,b', undefined, metaData);
      expect((await client.statObject(bucket, 'described')).metaData).toMatchObject({
        'content-type': 'text/csv; charset=utf-8',
        'cache-control': 'no-cache',
        'content-disposition': 'attachment; filename="a b.csv"',
        'content-language': 'ro',
        owner: 'somebody',
        note: 'two  words',
      });
    });

    test('an overwrite replaces content and metadata', async () => {
      await client.putObject(bucket, 'twice', 'first', undefined, { note: 'old' });
      await client.putObject(bucket, 'twice', 'second one');
      expect(await readText(client, bucket, 'twice')).toBe('second one');
      const { metaData, size } = await client.statObject(bucket, 'twice');
      expect(size).toBe(10);
      expect(metaData).not.toHaveProperty('note');
    });

    test('what is not there is said to be missing; deleting it is no error', async () => {
      await expect(client.getObject(bucket, 'missing')).rejects.toMatchObject({ code: 'NoSuchKey' });
      await expect(client.statObject(bucket, 'missing')).rejects.toMatchObject({ code: 'NotFound' });
      await client.removeObject(bucket, 'missing');
      await client.putObject(bucket, 'gone', 'x');
      await client.removeObject(bucket, 'gone');
      await expect(client.getObject(bucket, 'gone')).rejects.toMatchObject({ code: 'NoSuchKey' });
    });

    test.for([
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-3', '789', 'bytes 7-9/10'],
      ['bytes=8-100', '89', 'bytes 8-9/10'],
      ['bytes=0-0', '0', 'bytes 0-0/10'],
    ] as const)('the range %s is %s', async ([range, text, contentRange]) => {
      const answer = await ask({ headers: { range } });
      expect(answer).toMatchObject({ status: 206, text });
      expect(answer.headers).toMatchObject({ 'content-range': contentRange, 'content-length': String(text.length) });
    });

    test('a range outside the object is refused; several ranges give the whole', async () => {
      for (const range of ['bytes=10-', 'bytes=5-4', 'bytes=-0']) {
        expect(await ask({ headers: { range } }), range).toMatchObject({ status: 416, code: 'InvalidRange' });
      }
      expect(await ask({ headers: { range: 'bytes=0-1,4-5' } })).toMatchObject({ status: 200, text: '0123456789' });
    });

    test('the client reads a part', async () => {
      const part = await client.getPartialObject(bucket, 'ten', 3, 4);
      expect((await buffer(part)).toString()).toBe('3456');
    });

    test('reading under conditions', async () => {
      const [etag, other] = [`"${md5('0123456789')}"`, '"0"'];
      const [past, future] = ['Sat, 01 Jan 2000 00:00:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT'];
      const status = async (headers: Record<string, string>) => (await ask({ headers })).status;
      expect(await status({ 'if-match': etag })).toBe(200);
      expect(await status({ 'if-match': other })).toBe(412);
      expect(await status({ 'if-none-match': other })).toBe(200);
      expect(await status({ 'if-none-match': etag })).toBe(304);
      expect(await status({ 'if-modified-since': past })).toBe(200);
      expect(await status({ 'if-modified-since': future })).toBe(304);
      expect(await status({ 'if-unmodified-since': future })).toBe(200);
      expect(await status({ 'if-unmodified-since': past })).toBe(412);
    });

    test('writing under conditions', async () => {
      const write = async (headers: Record<string, string>, key = 'guarded') =>
        (await ask({ method: 'PUT', key, body: 'x', headers })).status;
      expect(await write({ 'if-none-match': '*' })).toBe(200);
      expect(await write({ 'if-none-match': '*' })).toBe(412);
      expect(await write({ 'if-match': '"0"' })).toBe(412);
      expect(await write({ 'if-match': `"${md5('x')}"` })).toBe(200);
      expect(await write({ 'if-match': `"${md5('x')}"` }, 'not-there')).toBe(404);
    });

    test('Content-MD5 is held against the body', async () => {
      const write = (key: string, digest: string) =>
        ask({ method: 'PUT', key, body: 'x', headers: { 'content-md5': digest } });
      const base64 = (text: string) => Buffer.from(md5(text), 'hex').toString('base64');
      expect(await write('md5', base64('x'))).toMatchObject({ status: 200 });
      expect(await write('md5-wrong', base64('y'))).toMatchObject({ status: 400, code: 'BadDigest' });
      expect(await write('md5-none', 'nonsense')).toMatchObject({ status: 400, code: 'InvalidDigest' });
      await expect(client.statObject(bucket, 'md5-wrong')).rejects.toMatchObject({ code: 'NotFound' });
    });

    test('tags are set, read, counted and removed', async () => {
      await client.putObject(bucket, 'tagged', 'x');
      expect(await client.getObjectTagging(bucket, 'tagged')).toEqual([]);
      await client.setObjectTagging(bucket, 'tagged', { kind: 'a b', 'sub/kind': '1+1=2' });
      const tags = (await client.getObjectTagging(bucket, 'tagged')).flat();
      expect(tags).toEqual(
        expect.arrayContaining([
          { Key: 'kind', Value: 'a b' },
          { Key: 'sub/kind', Value: '1+1=2' },
        ]),
      );
      const head = await ask({ method: 'HEAD', key: 'tagged' });
      expect(head.headers).toHaveProperty('x-amz-tagging-count', '2');
      await client.removeObjectTagging(bucket, 'tagged', { versionId: '' });
      expect(await client.getObjectTagging(bucket, 'tagged')).toEqual([]);
      await expect(client.setObjectTagging(bucket, 'missing', { a: 'b' })).rejects.toMatchObject({ code: 'NoSuchKey' });
      await expect(client.setObjectTagging(bucket, 'tagged', { a: '{}' })).rejects.toMatchObject({
        code: 'InvalidTag',
      });
    });

    test('tags may come with the upload', async () => {
      await ask({ method: 'PUT', key: 'born-tagged', body: 'x', headers: { 'x-amz-tagging': 'a=1&b=2%203' } });
      const tags = (await client.getObjectTagging(bucket, 'born-tagged')).flat();
      expect(tags.map(({ Key, Value }) => `${Key}=${Value}`)).toEqual(['a=1', 'b=2 3']);
    });
  });
};
