import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { latestObjectsRestorePoint } from '../../recovery/objects-restore-points.ts';
import { large, sha256, targetOf, type ObjectsBench } from './objects-backup-support.ts';
import { interposed } from './objects-interposed.ts';
import { read, readText } from './objects/support.ts';

const keys = ['a b+c%20.txt', 'line\nfeed', '.hidden', 'x&y<z>"\'', '日本/語', '😀', 'deep/er/007', ' spaces '];

/** What a backup of objects holds, in a store of its own kind. */
export function backupContract(at: ObjectsBench): void {
  describe('a backup of objects', () => {
    test('comes back whole: odd keys, nothing and much in them, metadata, tags, versioning', async () => {
      for (const key of keys) await at.client.putObject(at.bucket, key, `content of ${key}`);
      const headers = { 'Content-Type': 'image/x-odd', 'Cache-Control': 'max-age=7', 'X-Amz-Meta-Note': 'kept' };
      await at.client.putObject(at.bucket, 'large', large, large.length, headers);
      await at.client.setObjectTagging(at.bucket, 'large', { kind: 'big one', of: 'two' });
      await at.client.putObject(at.other, 'empty', '', 0, { 'Content-Type': 'text/plain' });
      const { manifest } = await at.backup({ setId: 'set-7' });
      expect(manifest.setId).toBe('set-7');
      expect(manifest.counts).toMatchObject({ objects: keys.length + 5, objectsRead: keys.length + 5 });
      expect(manifest.skipped).toEqual([]);

      const point = await latestObjectsRestorePoint(at.location());
      expect(point.manifest).toEqual(manifest);
      expect(await at.restore(point)).toMatchObject({ objects: keys.length + 5, skipped: [] });
      for (const key of keys) expect(await readText(at.client, targetOf(at.bucket), key)).toBe(`content of ${key}`);
      expect(sha256(await read(at.client, targetOf(at.bucket), 'large'))).toBe(sha256(large));
      const { metaData } = await at.client.statObject(targetOf(at.bucket), 'large');
      expect(metaData).toMatchObject({ 'content-type': 'image/x-odd', 'cache-control': 'max-age=7', note: 'kept' });
      expect((await at.client.getObjectTagging(targetOf(at.bucket), 'large')).flat()).toEqual([
        { Key: 'kind', Value: 'big one' },
        { Key: 'of', Value: 'two' },
      ]);
      expect((await at.client.statObject(targetOf(at.other), 'empty')).size).toBe(0);
      expect((await at.client.statObject(targetOf(at.other), 'empty')).metaData).toMatchObject({
        'content-type': 'text/plain',
      });
      expect(await at.client.getBucketVersioning(targetOf(at.bucket))).toMatchObject({ Status: 'Enabled' });
      expect((await at.client.getBucketVersioning(targetOf(at.other))) || {}).not.toHaveProperty('Status');
    });

    test('nothing in the store shows a content', async () => {
      await at.backup();
      expect(await readText(at.client, at.backups, at.storedOf('second'))).toMatch(/^age-encryption\.org\/v1\n/);
      for (const key of await at.keysOf(at.backups))
        expect(await readText(at.client, at.backups, String(key))).not.toContain('second');
    });

    test('one content is stored once; a second backup uploads only what changed, and sees new tags', async () => {
      const { manifest: previous } = await at.backup();
      const before = await at.writtenTo(at.backups);
      expect(previous.counts).toMatchObject({ objectsRead: 3, contentsWritten: 2 });
      await at.client.putObject(at.bucket, 'new', 'third');
      await at.client.putObject(at.bucket, 'two', 'first');
      await at.client.setObjectTagging(at.bucket, 'one', { seen: 'yes' });
      await at.client.removeObject(at.bucket, 'same');
      const next = await at.backup({ previous });
      expect(next.manifest.counts).toMatchObject({ objects: 3, objectsRead: 2, readBytes: 10, contentsWritten: 1 });
      expect(next.manifest.entries.find(({ key }) => key === 'one')?.tags).toEqual({ seen: 'yes' });
      const after = await at.writtenTo(at.backups);
      for (const [key, written] of before) expect(after.get(key)).toEqual(written);
      const uploaded = [...after.keys()].filter((key) => !before.has(key));
      expect(new Set(uploaded)).toEqual(new Set([at.storedOf('third'), next.manifestKey]));
      await at.restore(next);
      expect(await at.keysOf(targetOf(at.bucket))).toEqual(['new', 'one', 'two']);
      expect(await readText(at.client, targetOf(at.bucket), 'two')).toBe('first');
    });

    test('a content that is gone or cut short is written again by the next backup', async () => {
      const { manifest: previous } = await at.backup();
      await at.client.removeObject(at.backups, at.storedOf('first'));
      await at.client.putObject(at.backups, at.storedOf('second'), 'cut');
      const next = await at.backup({ previous });
      expect(next.manifest.counts).toMatchObject({ objectsRead: 3, contentsWritten: 2 });
      await at.restore(next);
    });

    test('another recipient has contents of its own', async () => {
      const { manifest: previous } = await at.backup();
      const another = await generateX25519Identity();
      const next = await at.backup({ previous, recipient: await identityToRecipient(another) });
      expect(next.manifest.counts).toMatchObject({ contentsWritten: 2 });
      await at.restore(next, { identity: another });
    });

    test('what vanishes while it runs is named, what changes is in it whole', async () => {
      let broken = 0;
      await using way = await interposed(at.store.access, async (key) => {
        if (key === 'same') await at.client.removeObject(at.bucket, 'same');
        if (key === 'two') await at.client.putObject(at.bucket, 'two', 'second, and longer');
        if (key !== 'one') return undefined;
        broken += 1;
        return broken === 1 ? 'break' : undefined;
      });
      const point = await at.backup({ source: way.access });
      expect(broken).toBe(2);
      expect(point.manifest.skipped).toEqual([{ bucket: at.bucket, key: 'same', reason: 'vanished' }]);
      expect(await at.restore(point)).toMatchObject({ objects: 2, skipped: point.manifest.skipped });
      expect(await readText(at.client, targetOf(at.bucket), 'two')).toBe('second, and longer');
      expect(await readText(at.client, targetOf(at.bucket), 'one')).toBe('first');
    });

    test('an object that never comes whole is named and not in it', async () => {
      await using way = await interposed(at.store.access, (key) =>
        Promise.resolve(key === 'one' ? 'break' : undefined),
      );
      const { manifest } = await at.backup({ source: way.access });
      expect(manifest.skipped).toEqual([{ bucket: at.bucket, key: 'one', reason: 'unsettled' }]);
      expect(manifest.entries.map(({ key }) => key)).toEqual(['same', 'two']);
    });

    test('aborted, it leaves no manifest', async () => {
      const controller = new AbortController();
      const progress = { info: () => {}, advance: () => controller.abort() };
      await expect(at.backup({ concurrency: 1, progress, signal: controller.signal })).rejects.toMatchObject({
        code: 'interrupted',
      });
      await expect(latestObjectsRestorePoint(at.location())).rejects.toMatchObject({
        code: 'backup-missing',
      });
      expect((await at.backup()).manifest.counts.objects).toBe(3);
    });
  });
}
