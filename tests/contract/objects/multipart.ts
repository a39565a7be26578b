import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Client } from 'minio';
import { beforeAll, describe, expect, test } from 'vitest';
import { signedRequest, type RawResponse } from './signed-request.ts';
import { bucketOf, collect, elements, md5, read, type ContractPart } from './support.ts';
import { CopyDestinationOptions, CopySourceOptions } from './copy-options.ts';

const partBytes = 5 * 1024 * 1024;
const first = randomBytes(partBytes);
const tail = randomBytes(1000);
const whole = Buffer.concat([first, tail]);

export const multipartContract: ContractPart = (store) => {
  describe('uploads in parts', () => {
    let client: Client;
    let bucket = '';
    const part = (key: string, uploadId: string, number: number | string, body: Buffer): Promise<RawResponse> =>
      signedRequest(store().access, {
        method: 'PUT',
        bucket,
        key,
        query: `partNumber=${number}&uploadId=${uploadId}`,
        body,
      });
    const begin = (key: string, headers: Record<string, string> = {}) =>
      client.initiateNewMultipartUpload(bucket, key, headers);
    const finish = (key: string, uploadId: string, parts: [number, Buffer | string][]) =>
      client.completeMultipartUpload(
        bucket,
        key,
        uploadId,
        parts.map(([number, content]) => ({
          part: number,
          etag: typeof content === 'string' ? content : md5(content),
        })),
      );

    beforeAll(async () => {
      ({ client, bucket } = await bucketOf(store()));
    });

    test('the client sends a large stream in parts', async () => {
      const { endpoint: endPoint, ...access } = store().access;
      const small = new Client({ endPoint, ...access, partSize: partBytes });
      const content = randomBytes(2 * partBytes + 12_345);
      const { etag } = await small.putObject(bucket, 'streamed', Readable.from(cut(content)), content.length);
      expect(etag).toMatch(/^[0-9a-f]{32}-[23]$/);
      expect((await read(client, bucket, 'streamed')).equals(content)).toBe(true);
      expect(await client.statObject(bucket, 'streamed')).toMatchObject({ size: content.length, etag });
    });

    test('the parts become one object with the headers of its beginning', async () => {
      const uploadId = await begin('made', { 'Content-Type': 'text/x-parts', 'X-Amz-Meta-Note': 'kept' });
      expect((await part('made', uploadId, 2, tail)).headers).toMatchObject({ etag: `"${md5(tail)}"` });
      await part('made', uploadId, 1, first);
      await expect(client.statObject(bucket, 'made')).rejects.toMatchObject({ code: 'NotFound' });
      const { etag } = await finish('made', uploadId, [
        [1, first],
        [2, tail],
      ]);
      const digests = Buffer.concat([first, tail].map((bytes) => Buffer.from(md5(bytes), 'hex')));
      expect(etag).toBe(`${md5(digests)}-2`);
      expect((await read(client, bucket, 'made')).equals(whole)).toBe(true);
      expect((await client.statObject(bucket, 'made')).metaData).toMatchObject({
        'content-type': 'text/x-parts',
        note: 'kept',
      });
    });

    test('a range may cross the border of two parts, and a part can be read alone', async () => {
      const uploadId = await begin('crossed');
      for (const [number, body] of [first, tail].entries()) await part('crossed', uploadId, number + 1, body);
      await finish('crossed', uploadId, [
        [1, first],
        [2, tail],
      ]);
      const ask = (raw: { query?: string; headers?: Record<string, string> }) =>
        signedRequest(store().access, { method: 'GET', bucket, key: 'crossed', ...raw });
      const crossing = await ask({ headers: { range: `bytes=${partBytes - 2}-${partBytes + 1}` } });
      expect(crossing.status).toBe(206);
      expect(crossing.body.equals(whole.subarray(partBytes - 2, partBytes + 2))).toBe(true);
      const second = await ask({ query: 'partNumber=2' });
      expect(second.status).toBe(206);
      expect(second.body.equals(tail)).toBe(true);
      expect(second.headers).toHaveProperty('x-amz-mp-parts-count', '2');
    });

    test('a part sent again replaces the first try; parts left out are dropped', async () => {
      const uploadId = await begin('again');
      for (const body of [first, tail]) await part('again', uploadId, 1, body);
      await part('again', uploadId, 2, first);
      await finish('again', uploadId, [[1, tail]]);
      expect((await read(client, bucket, 'again')).equals(tail)).toBe(true);
    });

    test('parts and unfinished uploads are listed', async () => {
      const uploadId = await begin('listed');
      for (const number of [1, 2, 3]) await part('listed', uploadId, number, Buffer.from(`part ${number}`));
      const ask = async (query: string) =>
        (
          await signedRequest(store().access, {
            method: 'GET',
            bucket,
            key: 'listed',
            query: `uploadId=${uploadId}${query}`,
          })
        ).text;
      expect(elements(await ask(''), 'PartNumber')).toEqual(['1', '2', '3']);
      expect(elements(await ask(''), 'Size')).toEqual(['6', '6', '6']);
      const page = await ask('&max-parts=2');
      expect(elements(page, 'PartNumber')).toEqual(['1', '2']);
      expect(elements(page, 'IsTruncated')).toEqual(['true']);
      expect(elements(await ask('&part-number-marker=2'), 'PartNumber')).toEqual(['3']);
      const uploads = await collect(client.listIncompleteUploads(bucket, 'listed', true));
      expect(uploads).toMatchObject([{ key: 'listed', uploadId, size: 18 }]);
      await client.removeIncompleteUpload(bucket, 'listed');
      expect(await collect(client.listIncompleteUploads(bucket, 'listed', true))).toEqual([]);
      expect(await part('listed', uploadId, 1, tail)).toMatchObject({ status: 404, code: 'NoSuchUpload' });
    });

    test('a finished or unknown upload takes nothing more', async () => {
      const uploadId = await begin('once');
      await part('once', uploadId, 1, tail);
      await finish('once', uploadId, [[1, tail]]);
      await expect(finish('once', uploadId, [[1, tail]])).rejects.toMatchObject({ code: 'NoSuchUpload' });
      const unknown = await part('once', 'unknown', 1, tail);
      expect(unknown).toMatchObject({ status: 404, code: 'NoSuchUpload' });
    });

    test('an upload belongs to its key', async () => {
      const uploadId = await begin('mine');
      expect(await part('yours', uploadId, 1, tail)).toMatchObject({ status: 404, code: 'NoSuchUpload' });
      await client.abortMultipartUpload(bucket, 'mine', uploadId);
    });

    test('parts that do not fit are refused, and the upload can still be finished', async () => {
      const uploadId = await begin('careful');
      await part('careful', uploadId, 1, tail);
      await part('careful', uploadId, 2, first);
      await part('careful', uploadId, 3, tail);
      const refused = (parts: [number, Buffer | string][], code: string) =>
        expect(finish('careful', uploadId, parts)).rejects.toMatchObject({ code });
      await refused([[2, '0'.repeat(32)]], 'InvalidPart');
      await refused(
        [
          [2, first],
          [9, tail],
        ],
        'InvalidPart',
      );
      await refused(
        [
          [3, tail],
          [2, first],
        ],
        'InvalidPartOrder',
      );
      await refused(
        [
          [1, tail],
          [2, first],
        ],
        'EntityTooSmall',
      );
      expect(await part('careful', uploadId, 10_001, tail)).toMatchObject({ status: 400, code: 'InvalidArgument' });
      await finish('careful', uploadId, [
        [2, first],
        [3, tail],
      ]);
      expect((await read(client, bucket, 'careful')).equals(whole)).toBe(true);
    });

    test('a part may be copied out of an object', async () => {
      await client.putObject(bucket, 'quarry', whole);
      const uploadId = await begin('composed');
      const copyPart = (number: number, range: string) =>
        signedRequest(store().access, {
          method: 'PUT',
          bucket,
          key: 'composed',
          query: `partNumber=${number}&uploadId=${uploadId}`,
          headers: { 'x-amz-copy-source': `/${bucket}/quarry`, 'x-amz-copy-source-range': range },
        });
      const pieces = [whole.subarray(0, partBytes), whole.subarray(10, 20)] as const;
      expect(elements((await copyPart(1, `bytes=0-${partBytes - 1}`)).text, 'LastModified')).toHaveLength(1);
      expect(await copyPart(2, 'bytes=10-19')).toMatchObject({ status: 200 });
      const outside = await copyPart(3, `bytes=0-${whole.length}`);
      expect(outside).toMatchObject({ status: 400, code: 'InvalidArgument' });
      await finish('composed', uploadId, [
        [1, pieces[0]],
        [2, pieces[1]],
      ]);
      expect((await read(client, bucket, 'composed')).equals(Buffer.concat(pieces))).toBe(true);
    });

    test('a copy of it is one piece, with the MD5 of its content', async () => {
      const uploadId = await begin('in-parts');
      for (const [number, body] of [first, tail].entries()) await part('in-parts', uploadId, number + 1, body);
      await finish('in-parts', uploadId, [
        [1, first],
        [2, tail],
      ]);
      await client.copyObject(
        new CopySourceOptions({ Bucket: bucket, Object: 'in-parts' }),
        new CopyDestinationOptions({ Bucket: bucket, Object: 'in-one' }),
      );
      expect(await client.statObject(bucket, 'in-one')).toMatchObject({ etag: md5(whole), size: whole.length });
    });
  });
};

function* cut(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
