import { generateX25519Identity } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { contentKey } from '../../recovery/objects-contents.ts';
import { latestObjectsRestorePoint, listObjectsRestorePoints } from '../../recovery/objects-restore-points.ts';
import { restoreObjectsFromManifest } from '../../recovery/restore-objects-from-manifest.ts';
import { objectClient } from '../../stack/clients.ts';
import { large, sha256, targetOf, type ObjectsBench } from './objects-backup-support.ts';
import { bucketOf, collect, read } from './objects/support.ts';

/** What a restore of objects brings back, and what it refuses. */
export function restoreContract(at: ObjectsBench): void {
  describe('a restore of objects', () => {
    test('retention and legal hold come back, where the store knows them', async ({ annotate, skip }) => {
      const locked = `${at.bucket}-locked`;
      const made = await at.client.makeBucket(locked, '', { ObjectLocking: true }).catch((error: unknown) => error);
      if (made !== undefined) {
        await annotate(`the store has no Object Lock: ${(made as Error).message}`);
        skip(`the store has no Object Lock: ${(made as Error).message}`);
      }
      const until = '2099-01-01T00:00:00.000Z';
      await at.client.putObject(locked, 'kept', 'x');
      const { versionId } = await at.client.statObject(locked, 'kept');
      const kept = { mode: 'GOVERNANCE', retainUntilDate: until, versionId: String(versionId) } as const;
      await at.client.putObjectRetention(locked, 'kept', kept);
      await (at.client.setObjectLegalHold(locked, 'kept', { status: 'ON' }) as unknown as Promise<void>);
      const { manifest: previous } = await at.backup({ buckets: [locked] });
      const point = await at.backup({ buckets: [locked], previous });
      expect(point.manifest.entries).toMatchObject([{ retention: { mode: 'GOVERNANCE', until }, legalHold: true }]);
      expect(point.manifest.counts.objectsRead).toBe(0);
      await at.restore(point);
      const found = await at.client.getObjectRetention(targetOf(locked), 'kept');
      expect(found?.mode).toBe('GOVERNANCE');
      expect(new Date(String(found?.retainUntilDate)).toISOString()).toBe(until);
      expect(await at.client.getObjectLegalHold(targetOf(locked), 'kept')).toMatchObject({ Status: 'ON' });
    });

    test('a missing content is an error that names the objects, before anything is written', async () => {
      const point = await at.backup();
      await at.client.removeObject(at.backups, at.storedOf('first'));
      const error = await at.restore(point).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'backup-missing' });
      expect((error as Error).message).toContain(`${at.bucket}/one\n${at.bucket}/same`);
      expect(await at.client.bucketExists(targetOf(at.bucket))).toBe(false);
    });

    test('so is one that was cut short', async () => {
      const point = await at.backup();
      const bytes = await read(at.client, at.backups, at.storedOf('second'));
      await at.client.putObject(at.backups, at.storedOf('second'), bytes.subarray(0, -3));
      const error = await at.restore(point).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'backup-invalid' });
      expect((error as Error).message).toContain(`${at.bucket}/two`);
      expect(await at.client.bucketExists(targetOf(at.bucket))).toBe(false);
    });

    test('altered contents, small or large, never appear; the others come back', async () => {
      await at.client.putObject(at.bucket, 'large', large);
      const point = await at.backup();
      for (const key of [at.storedOf('second'), contentKey('objects/', at.recipient, sha256(large))]) {
        const bytes = await read(at.client, at.backups, key);
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
        await at.client.putObject(at.backups, key, bytes);
      }
      const error = await at.restore(point).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'backup-invalid' });
      expect((error as Error).message).toContain('2 of 4 objects');
      for (const key of ['large', 'two']) expect((error as Error).message).toContain(`${at.bucket}/${key}`);
      expect(await at.keysOf(targetOf(at.bucket))).toEqual(['one', 'same']);
    });

    test('a content swapped for another whole one is noticed by its sha256', async () => {
      await at.client.putObject(at.bucket, 'three', 'sixsix');
      const point = await at.backup();
      await at.client.putObject(
        at.backups,
        at.storedOf('second'),
        await read(at.client, at.backups, at.storedOf('sixsix')),
      );
      await expect(at.restore(point)).rejects.toMatchObject({ code: 'backup-invalid' });
      expect(await at.keysOf(targetOf(at.bucket))).toEqual(['one', 'same', 'three']);
    });

    test('a wrong key writes nothing', async () => {
      const point = await at.backup();
      await expect(at.restore(point, { identity: await generateX25519Identity() })).rejects.toMatchObject({
        code: 'decryption-failed',
      });
      expect(await at.client.bucketExists(targetOf(at.bucket))).toBe(false);
    });

    test('nothing is restored over what is there, deleted versions included', async () => {
      const point = await at.backup();
      const own = await bucketOf(at.store, { versioned: true });
      await at.client.putObject(own.bucket, 'k', 'mine');
      await at.client.removeObject(own.bucket, 'k');
      await expect(at.restore(point, { targetOf: () => own.bucket })).rejects.toMatchObject({ code: 'restore-failed' });
    });

    test('aborted, it says so', async () => {
      const controller = new AbortController();
      const progress = { info: () => {}, advance: () => controller.abort() };
      const restoring = at.restore(await at.backup(), { concurrency: 1, progress, signal: controller.signal });
      await expect(restoring).rejects.toMatchObject({ code: 'interrupted' });
    });

    test('restore points come by the instant they cover; what cannot be read is told, and passed over', async () => {
      const { manifest } = await at.backup();
      const location = { ...at.location(), prefix: 'order/' };
      const put = (name: string, text: string) => at.client.putObject(at.backups, `order/${name}.objects.json`, text);
      // By their text the second is the later one.
      await put('a', JSON.stringify({ ...manifest, coveredAt: '2025-03-02T23:59:59.500Z' }));
      await put('z', JSON.stringify({ ...manifest, coveredAt: '2025-03-02T23:59:59Z' }));
      await put('broken', JSON.stringify(manifest).slice(0, 100));
      const { restorePoints, rejected } = await listObjectsRestorePoints(location);
      expect(restorePoints.map(({ manifestKey }) => manifestKey)).toEqual([
        'order/a.objects.json',
        'order/z.objects.json',
      ]);
      expect(rejected).toEqual([{ manifestKey: 'order/broken.objects.json', reason: 'not JSON' }]);
      expect(await latestObjectsRestorePoint(location)).toEqual(restorePoints[0]);
    });

    test('a manifest that is none is an error with its problems', async () => {
      const { manifest, manifestKey } = await at.backup();
      const latest = () => latestObjectsRestorePoint(at.location());
      await at.client.putObject(
        at.backups,
        manifestKey,
        JSON.stringify({ ...manifest, entries: manifest.entries.slice(1) }),
      );
      await expect(latest()).rejects.toThrow(/counts\.objects: 3, but 2 entries/);
      await at.client.putObject(at.backups, manifestKey, JSON.stringify(manifest).slice(0, 100));
      await expect(latest()).rejects.toMatchObject({ code: 'backup-missing' });
    });

    test('a manifest alone brings not one byte back', async () => {
      await at.client.putObject(at.other, 'empty', '');
      const { manifest } = await at.backup();
      await using empty = await at.start();
      const result = await restoreObjectsFromManifest({ manifest, target: empty.access });
      expect(result).toMatchObject({ bucketsMade: 2, emptyObjects: 1, bytesRestored: 0, lostBytes: 16 });
      expect(result.lost.map(({ key, sizeBytes }) => [key, sizeBytes])).toEqual([
        ['one', 5],
        ['same', 5],
        ['two', 6],
      ]);
      expect(result.lost[0]?.reason).toMatch(/names 5 bytes by their sha256 and holds none of them/);
      const there = await collect(objectClient(empty.access).listObjectsV2(at.bucket, '', true));
      expect(there).toEqual([]);
    });
  });
}
