import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from 'minio';
import { objectClient } from '../../../stack/clients.ts';
import { signedRequest } from './signed-request.ts';
import { bucketOf, elements, type ContractPart } from './support.ts';

export const bucketContract: ContractPart = (store) => {
  describe('buckets', () => {
    let client: Client;
    let bucket = '';

    beforeAll(async () => {
      ({ client, bucket } = await bucketOf(store()));
    });

    test('one that was made is there, and listed with the time it was made', async () => {
      expect(await client.bucketExists(bucket)).toBe(true);
      expect(await client.bucketExists('nowhere-to-be-found')).toBe(false);
      const listed = (await client.listBuckets()).find(({ name }) => name === bucket);
      expect(listed?.creationDate.getTime()).toBeGreaterThan(Date.UTC(2024, 0));
    });

    test('it is made once', async () => {
      await expect(client.makeBucket(bucket)).rejects.toMatchObject({ code: 'BucketAlreadyOwnedByYou' });
    });

    test.for(['ab', 'With-Capitals', 'under_score', 'double..dot', '-dash', 'x'.repeat(64)])(
      'the name %s is refused',
      async (name) => {
        const answer = await signedRequest(store().access, { method: 'PUT', bucket: name });
        expect(answer).toMatchObject({ status: 400, code: 'InvalidBucketName' });
      },
    );

    test('its region is the default one', async () => {
      const answer = await signedRequest(store().access, { method: 'GET', bucket, query: 'location' });
      expect(answer.status).toBe(200);
      expect(elements(answer.text, 'LocationConstraint').join('')).toBe('');
      const withoutRegion = objectClient({ ...store().access, region: '' });
      expect(await withoutRegion.getBucketRegionAsync(bucket)).toBe('us-east-1');
    });

    test('what is asked of a bucket that is not there is refused', async () => {
      const missing = 'nowhere-to-be-found';
      const refused = { code: 'NoSuchBucket' };
      await expect(client.putObject(missing, 'k', 'x')).rejects.toMatchObject(refused);
      await expect(client.getObject(missing, 'k')).rejects.toMatchObject(refused);
      await expect(client.listObjectsV2(missing).toArray()).rejects.toMatchObject(refused);
      await expect(client.getBucketVersioning(missing)).rejects.toMatchObject(refused);
      await expect(client.removeBucket(missing)).rejects.toMatchObject(refused);
      await expect(client.initiateNewMultipartUpload(missing, 'k', {})).rejects.toMatchObject(refused);
    });

    test('it is removed only when nothing is in it, hidden versions included', async () => {
      const own = await bucketOf(store(), { versioned: true });
      await own.client.putObject(own.bucket, 'k', 'x');
      await expect(client.removeBucket(own.bucket)).rejects.toMatchObject({ code: 'BucketNotEmpty' });
      await own.client.removeObject(own.bucket, 'k');
      await expect(client.removeBucket(own.bucket)).rejects.toMatchObject({ code: 'BucketNotEmpty' });

      const empty = await bucketOf(store());
      await empty.client.putObject(empty.bucket, 'k', 'x');
      await empty.client.removeObject(empty.bucket, 'k');
      await client.removeBucket(empty.bucket);
      expect(await client.bucketExists(empty.bucket)).toBe(false);
    });

    test('versioning is off, then enabled, then suspended, and nothing else', async () => {
      const own = await bucketOf(store());
      const status = async () => ((await client.getBucketVersioning(own.bucket)) as { Status?: string } | '') || {};
      expect(await status()).not.toHaveProperty('Status');
      for (const Status of ['Enabled', 'Suspended', 'Enabled'] as const) {
        await client.setBucketVersioning(own.bucket, { Status });
        expect(await status()).toMatchObject({ Status });
      }
      const set = (body: string) =>
        signedRequest(store().access, { method: 'PUT', bucket: own.bucket, query: 'versioning', body });
      expect(await set('<VersioningConfiguration><Status>Off</Status></VersioningConfiguration>')).toMatchObject({
        status: 400,
        code: 'IllegalVersioningConfigurationException',
      });
      expect(await set('<Versioning')).toMatchObject({ status: 400, code: 'MalformedXML' });
      expect(await status()).toMatchObject({ Status: 'Enabled' });
    });

    test('without Object Lock it says so', async () => {
      await expect(client.getObjectLockConfig(bucket)).rejects.toMatchObject({
        code: 'ObjectLockConfigurationNotFoundError',
      });
    });
  });
};
