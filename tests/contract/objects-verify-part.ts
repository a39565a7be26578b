import { describe, expect, test } from 'vitest';
import { systemClock } from '../../domain/clock.ts';
import type { ObjectsManifest } from '../../recovery/objects-manifest.ts';
import { verifyObjects } from '../../recovery/verify-objects.ts';
import { verifyObjectsBackup } from '../../recovery/verify-objects-backup.ts';
import { targetOf, type ObjectsBench } from './objects-backup-support.ts';
import { read } from './objects/support.ts';

/** What is found by those who read a backup, and what was restored from it, to the end. */
export function verifyContract(at: ObjectsBench): void {
  /** The restored buckets held against the manifest. */
  const verifyRestored = (manifest: ObjectsManifest) =>
    verifyObjects({
      target: at.store.access,
      expected: (async function* () {
        for (const entry of manifest.entries) yield { ...entry, bucket: targetOf(entry.bucket), entry };
      })(),
      buckets: manifest.buckets.map((bucket) => ({ ...bucket, name: targetOf(bucket.name) })),
      now: systemClock.now(),
    });

  describe('a backup that is read back', () => {
    test('is whole; a content that is missing or altered costs every object that shares it', async () => {
      const point = await at.backup();
      const verify = () => verifyObjectsBackup({ restorePoint: point, store: at.store.access, identity: at.identity });
      expect(await verify()).toEqual({ objects: 3, sizeBytes: 16, contents: 2, unrestorable: [] });
      await at.client.removeObject(at.backups, at.storedOf('first'));
      const altered = await read(at.client, at.backups, at.storedOf('second'));
      altered.writeUInt8(altered.readUInt8(altered.length - 20) ^ 1, altered.length - 20);
      await at.client.putObject(at.backups, at.storedOf('second'), altered);
      const { unrestorable } = await verify();
      expect(unrestorable.map((line) => line.split(':')[0])).toEqual(
        ['one', 'same', 'two'].map((key) => `${at.bucket}/${key}`),
      );
    });
  });

  describe('what was restored', () => {
    test('is as in the manifest, with type, metadata, tags and versioning', async () => {
      await at.client.putObject(at.bucket, 'typed', 'x', 1, { 'content-type': 'text/x', 'x-amz-meta-who': 'me' });
      await at.client.setObjectTagging(at.bucket, 'typed', { kept: 'yes' });
      const point = await at.backup();
      await at.restore(point);
      expect(await verifyRestored(point.manifest)).toEqual({
        objects: 4,
        sizeBytes: 17,
        missing: [],
        changed: [],
        properties: [],
        propertiesCompared: 4,
        buckets: 2,
        bucketDifferences: [],
      });
    });

    test('what is missing, changed, of another type or differently set is named', async () => {
      await at.client.putObject(at.bucket, 'typed', 'x', 1, { 'content-type': 'text/x', 'x-amz-meta-who': 'me' });
      const point = await at.backup();
      await at.restore(point);
      const back = targetOf(at.bucket);
      await at.client.removeObject(back, 'one');
      await at.client.putObject(back, 'two', 'SECOND');
      await at.client.putObject(back, 'typed', 'x', 1, { 'content-type': 'text/y' });
      await at.client.setBucketVersioning(back, { Status: 'Suspended' });
      expect(await verifyRestored(point.manifest)).toMatchObject({
        missing: [`${back}/one`],
        changed: [`${back}/two`],
        properties: [`${back}/typed: content type, metadata`],
        bucketDifferences: [`${back}: versioning is Suspended, expected Enabled`],
      });
    });
  });
}
