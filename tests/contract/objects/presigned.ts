import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from 'minio';
import { fetch } from 'undici';
import { systemClock } from '../../../domain/clock.ts';
import { bucketOf, readText, type ContractPart } from './support.ts';

/** URLs that carry their own permission, given to someone without keys. */
export const presignedContract: ContractPart = (store) => {
  describe('presigned URLs', () => {
    let client: Client;
    let bucket = '';

    beforeAll(async () => {
      ({ client, bucket } = await bucketOf(store()));
      await client.putObject(bucket, 'a b+c/ü.txt', 'content', undefined, { 'Content-Type': 'text/plain' });
    });

    test('GET reads the object', async () => {
      const response = await fetch(await client.presignedGetObject(bucket, 'a b+c/ü.txt', 60));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/plain');
      expect(await response.text()).toBe('content');
    });

    test('GET takes a range beside it', async () => {
      const url = await client.presignedGetObject(bucket, 'a b+c/ü.txt', 60);
      const response = await fetch(url, { headers: { range: 'bytes=0-2' } });
      expect(response.status).toBe(206);
      expect(await response.text()).toBe('con');
    });

    test('headers of the answer can be signed in', async () => {
      const asked = {
        'response-content-disposition': 'attachment; filename="x.txt"',
        'response-content-type': 'text/csv',
      };
      const response = await fetch(await client.presignedGetObject(bucket, 'a b+c/ü.txt', 60, asked));
      expect(response.headers.get('content-disposition')).toBe('attachment; filename="x.txt"');
      expect(response.headers.get('content-type')).toBe('text/csv');
      await response.text();
    });

    test('PUT writes the object, and the content type that comes with it', async () => {
      const url = await client.presignedPutObject(bucket, 'uploaded', 60);
      const response = await fetch(url, { method: 'PUT', body: 'by hand', headers: { 'content-type': 'text/x-note' } });
      expect(response.status).toBe(200);
      expect(await readText(client, bucket, 'uploaded')).toBe('by hand');
      expect((await client.statObject(bucket, 'uploaded')).metaData).toMatchObject({ 'content-type': 'text/x-note' });
    });

    test('it holds for one method, one key and one query', async () => {
      const get = await client.presignedGetObject(bucket, 'a b+c/ü.txt', 60);
      const put = await client.presignedPutObject(bucket, 'uploaded-2', 60);
      expect(await refusal(get, { method: 'PUT', body: 'x' })).toBe('403 SignatureDoesNotMatch');
      expect(await refusal(put)).toBe('403 SignatureDoesNotMatch');
      expect(await refusal(get.replace('a%20b', 'other'))).toBe('403 SignatureDoesNotMatch');
      expect(await refusal(get.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'))).toBe('403 SignatureDoesNotMatch');
      expect(await refusal(`${get}&response-content-type=text%2Fhtml`)).toBe('403 SignatureDoesNotMatch');
    });

    test('it ends with its expiry, and does not begin before its date', async () => {
      const nowMs = systemClock.now().getTime();
      const at = (offsetMs: number) => new Date(nowMs + offsetMs);
      const sign = (date: Date) => client.presignedUrl('GET', bucket, 'a b+c/ü.txt', 60, {}, date);
      expect(await refusal(await sign(at(-120_000)))).toBe('403 AccessDenied');
      expect(await refusal(await sign(at(30 * 60_000)))).toBe('403 AccessDenied');
      expect((await fetch(await sign(at(-30_000)))).status).toBe(200);
    });

    test('an expiry beyond a week, or none at all, is refused', async () => {
      const url = await client.presignedGetObject(bucket, 'a b+c/ü.txt', 60);
      for (const changed of [
        url.replace('X-Amz-Expires=60', 'X-Amz-Expires=700000'),
        url.replace('&X-Amz-Expires=60', ''),
      ]) {
        expect(await refusal(changed)).toMatch(/^40[03] /);
      }
    });

    test('a missing object is said to be missing only to those who may ask', async () => {
      expect(await refusal(await client.presignedGetObject(bucket, 'missing', 60))).toBe('404 NoSuchKey');
    });
  });
};

/** Status and code of an answer that is an error. */
async function refusal(url: string, init?: { method: string; body: string }): Promise<string> {
  const response = await fetch(url, init);
  const [, code = ''] = /<Code>(.*?)<\/Code>/.exec(await response.text()) ?? [];
  return `${response.status} ${code}`;
}
