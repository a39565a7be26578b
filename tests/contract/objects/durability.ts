import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ObjectStore } from '../../../domain/service.ts';
import { objectClient } from '../../../stack/clients.ts';
import type { Implementation } from '../../../stack/implementations.ts';
import { signedRequest } from './signed-request.ts';
import { bucketOf, collect, md5, read, readText, versionsOf } from './support.ts';
import { CopyDestinationOptions, CopySourceOptions } from './copy-options.ts';

/** What is left after the process of the store was killed, stopped, or lost its data. */
export function durabilityContract(implementation: Implementation<ObjectStore>): void {
  describe('after an end', () => {
    test('everything acknowledged before a SIGKILL is there again after a start', async () => {
      await using store = await implementation.start();
      const { client, bucket } = await bucketOf(store, { versioned: true });
      const large = randomBytes(7_000_000);
      await client.putObject(bucket, 'large', large, undefined, { note: 'kept' });
      const first = String((await client.putObject(bucket, 'k', 'one')).versionId);
      await client.putObject(bucket, 'k', 'two');
      await client.setObjectTagging(bucket, 'k', { of: 'two' });
      await client.copyObject(
        new CopySourceOptions({ Bucket: bucket, Object: 'k', VersionID: first }),
        new CopyDestinationOptions({ Bucket: bucket, Object: 'copy' }),
      );
      await client.putObject(bucket, 'hidden', 'x');
      await client.removeObject(bucket, 'hidden');
      const before = await versionsOf(client, bucket);

      await store.kill();
      await expect(client.listBuckets()).rejects.toThrow(/ECONNREFUSED|socket/);
      await store.start();

      expect(await versionsOf(client, bucket)).toEqual(before);
      expect((await read(client, bucket, 'large')).equals(large)).toBe(true);
      expect((await client.statObject(bucket, 'large')).metaData).toMatchObject({ note: 'kept' });
      expect(await readText(client, bucket, 'k')).toBe('two');
      expect(await readText(client, bucket, 'k', first)).toBe('one');
      expect(await readText(client, bucket, 'copy')).toBe('one');
      expect((await client.getObjectTagging(bucket, 'k')).flat()).toEqual([{ Key: 'of', Value: 'two' }]);
      expect(await client.getBucketVersioning(bucket)).toMatchObject({ Status: 'Enabled' });
    });

    test('a SIGKILL in the middle of writes loses no acknowledged one and shows no half one', async () => {
      await using store = await implementation.start();
      const { client, bucket } = await bucketOf(store);
      const content = randomBytes(1_000_000);
      const acknowledged: string[] = [];
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let number = 0; ; number += 1) {
          const key = `w${writer}-${number}`;
          await client.putObject(bucket, key, content);
          acknowledged.push(key);
        }
      });
      const ended = Promise.allSettled(writers);
      await expect.poll(() => acknowledged.length, { timeout: 30_000, interval: 10 }).toBeGreaterThan(12);
      await store.kill();
      await ended;
      const kept = acknowledged.length;
      await store.start();
      const listed = await collect(client.listObjectsV2(bucket, '', true));
      expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(acknowledged.slice(0, kept)));
      for (const { name, size, etag } of listed) {
        expect({ size, etag }, String(name)).toEqual({ size: content.length, etag: md5(content) });
        expect((await read(client, bucket, String(name))).equals(content), String(name)).toBe(true);
      }
    });

    test('an unfinished upload goes on after a SIGKILL', async () => {
      await using store = await implementation.start();
      const { client, bucket } = await bucketOf(store);
      const uploadId = await client.initiateNewMultipartUpload(bucket, 'parts', {});
      const send = (number: number, body: Buffer) => {
        const query = `partNumber=${number}&uploadId=${uploadId}`;
        return signedRequest(store.access, { method: 'PUT', bucket, key: 'parts', query, body });
      };
      const first = randomBytes(5 * 1024 * 1024);
      expect(await send(1, first)).toMatchObject({ status: 200 });
      await store.kill();
      await store.start();
      expect(await send(2, Buffer.from('tail'))).toMatchObject({ status: 200 });
      await client.completeMultipartUpload(bucket, 'parts', uploadId, [
        { part: 1, etag: md5(first) },
        { part: 2, etag: md5('tail') },
      ]);
      expect((await read(client, bucket, 'parts')).equals(Buffer.concat([first, Buffer.from('tail')]))).toBe(true);
    });

    test('it stops in order, and starts again with its data', async () => {
      await using store = await implementation.start();
      const { client, bucket } = await bucketOf(store);
      await client.putObject(bucket, 'k', 'content');
      await store.stop();
      expect(await store.isRunning()).toBe(false);
      await store.start();
      expect(await readText(client, bucket, 'k')).toBe('content');
    });

    test('without its data it is empty', async () => {
      await using store = await implementation.start();
      const { bucket } = await bucketOf(store);
      await store.kill();
      await store.deleteData();
      expect(await store.dataExists()).toBe(false);
      await expect(objectClient(store.access).bucketExists(bucket)).rejects.toThrow(/ECONNREFUSED|socket/);
    });
  });
}
