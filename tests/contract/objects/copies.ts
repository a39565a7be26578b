import type { Client } from 'minio';
import { beforeEach, describe, expect, test } from 'vitest';
import { signedRequest } from './signed-request.ts';
import { bucketOf, md5, readText, versionsOf, type ContractPart } from './support.ts';
import { CopyDestinationOptions, CopySourceOptions } from './copy-options.ts';

export const copyContract: ContractPart = (store) => {
  describe('copies', () => {
    let client: Client;
    let bucket = '';
    const source = (options: { Object?: string; VersionID?: string; MatchETag?: string } = {}) =>
      new CopySourceOptions({ Bucket: bucket, Object: 'source', ...options });
    const target = (options: Partial<ConstructorParameters<typeof CopyDestinationOptions>[0]> = {}) =>
      new CopyDestinationOptions({ Bucket: bucket, Object: 'target', ...options });

    beforeEach(async () => {
      ({ client, bucket } = await bucketOf(store(), { versioned: true }));
      await client.putObject(bucket, 'source', 'content', undefined, { 'Content-Type': 'text/plain', note: 'kept' });
    });

    test('content, headers, metadata and tags come along', async () => {
      await client.setObjectTagging(bucket, 'source', { kind: 'a' });
      await client.copyObject(source(), target());
      expect(await readText(client, bucket, 'target')).toBe('content');
      const { etag, metaData } = await client.statObject(bucket, 'target');
      expect(etag).toBe(md5('content'));
      expect(metaData).toMatchObject({ 'content-type': 'text/plain', note: 'kept' });
      expect((await client.getObjectTagging(bucket, 'target')).flat()).toEqual([{ Key: 'kind', Value: 'a' }]);
    });

    test('metadata is replaced when that is asked for', async () => {
      const UserMetadata = { other: 'new' };
      await client.copyObject(source(), target({ UserMetadata, MetadataDirective: 'REPLACE' }));
      const { metaData } = await client.statObject(bucket, 'target');
      expect(metaData).toMatchObject({ other: 'new' });
      expect(metaData).not.toHaveProperty('note');
    });

    test('an old version copied over the object restores it as a new version', async () => {
      const [old] = await versionsOf(client, bucket, 'source');
      const VersionID = String(old?.versionId);
      await client.putObject(bucket, 'source', 'spoiled');
      const result = await client.copyObject(source({ VersionID }), target({ Object: 'source' }));
      expect(result).toMatchObject({ SourceVersionId: VersionID });
      expect(await readText(client, bucket, 'source')).toBe('content');
      const versions = await versionsOf(client, bucket, 'source');
      expect(versions).toHaveLength(3);
      expect(versions[0]?.versionId).not.toBe(VersionID);
    });

    test('an old version brings a deleted object back', async () => {
      const [old] = await versionsOf(client, bucket, 'source');
      await client.removeObject(bucket, 'source');
      await client.copyObject(source({ VersionID: String(old?.versionId) }), target({ Object: 'source' }));
      expect(await readText(client, bucket, 'source')).toBe('content');
    });

    test('a copy is an object of its own', async () => {
      await client.copyObject(source(), target());
      for (const { versionId } of await versionsOf(client, bucket, 'source')) {
        await client.removeObject(bucket, 'source', { versionId: String(versionId) });
      }
      expect(await readText(client, bucket, 'target')).toBe('content');
    });

    test('it goes into another bucket, between odd keys', async () => {
      const other = await bucketOf(store());
      await client.putObject(bucket, 'a b/ü+%&.txt', 'odd');
      const Source = new CopySourceOptions({ Bucket: bucket, Object: 'a b/ü+%&.txt' });
      await client.copyObject(Source, new CopyDestinationOptions({ Bucket: other.bucket, Object: 'c d/日本.txt' }));
      expect(await readText(client, other.bucket, 'c d/日本.txt')).toBe('odd');
    });

    test('what is missing or hidden cannot be copied', async () => {
      await expect(client.copyObject(source({ Object: 'missing' }), target())).rejects.toMatchObject({
        code: 'NoSuchKey',
      });
      const VersionID = '11111111-1111-4111-8111-111111111111';
      await expect(client.copyObject(source({ VersionID }), target())).rejects.toMatchObject({ code: 'NoSuchVersion' });
      await client.removeObject(bucket, 'source');
      await expect(client.copyObject(source(), target())).rejects.toMatchObject({ code: 'NoSuchKey' });
    });

    test('conditions on the source are heeded', async () => {
      await expect(client.copyObject(source({ MatchETag: 'other' }), target())).rejects.toMatchObject({
        code: 'PreconditionFailed',
      });
      await client.copyObject(source({ MatchETag: md5('content') }), target());
      expect(await readText(client, bucket, 'target')).toBe('content');
    });

    test('onto itself, unchanged, is refused', async () => {
      await expect(client.copyObject(source(), target({ Object: 'source' }))).rejects.toMatchObject({
        code: 'InvalidRequest',
      });
    });

    test('an unknown directive is refused', async () => {
      const headers = { 'x-amz-copy-source': `/${bucket}/source`, 'x-amz-metadata-directive': 'MERGE' };
      const answer = await signedRequest(store().access, { method: 'PUT', bucket, key: 'target', headers });
      expect(answer).toMatchObject({ status: 400, code: 'InvalidArgument' });
    });
  });
};
