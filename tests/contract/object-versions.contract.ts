import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from 'minio';
import pLimit from 'p-limit';
import { systemClock } from '../../domain/clock.ts';
import type { ObjectStore } from '../../domain/service.ts';
import { damageBucket, damageObjects } from '../../faults/damage-objects.ts';
import { findObjectDamage } from '../../recovery/object-damage-scope.ts';
import { listKeyVersions, requireVersioning, type KeyVersions } from '../../recovery/object-versions.ts';
import { readObject } from '../../recovery/read-object.ts';
import { restoreObjectVersions } from '../../recovery/restore-object-versions.ts';
import type { Implementation } from '../../stack/implementations.ts';
import { describeImplementations } from './implementations-support.ts';
import { bucketOf, expectedOf, readText } from './objects/support.ts';

await describeImplementations('objects', contract);

async function versionsIn(client: Client, bucket: string, pageEntries?: number): Promise<KeyVersions[]> {
  return Array.fromAsync(listKeyVersions({ client, bucket, ...(pageEntries && { pageEntries }) }));
}

function contract(implementation: Implementation<ObjectStore>): void {
  let store: ObjectStore;
  beforeAll(async () => {
    store = await implementation.start();
  });
  afterAll(async () => store?.[Symbol.asyncDispose]());

  /** A bucket that keeps versions, with objects in it: each has an older version, too. */
  async function filled(contents: ReadonlyMap<string, string>): Promise<{ client: Client; bucket: string }> {
    const made = await bucketOf(store, { versioned: true });
    await pLimit(8).map(contents, async ([key, content]) => {
      await made.client.putObject(made.bucket, key, `older ${content}`);
      await made.client.putObject(made.bucket, key, content);
    });
    return made;
  }

  it('more than 1,000 versions come whole, key by key, whatever the keys hold and wherever the pages end', async () => {
    const { client, bucket } = await bucketOf(store, { versioned: true });
    const odd = ['odd/a b+c&d=e', "odd/it's (1)!*", 'odd/ü/ß%41', 'odd/x#y?z', 'odd/"q";<t>'];
    const keys = [...Array.from({ length: 70 }, (_, index) => `deep/er/f-${index}/leaf.bin`), ...odd];
    const written = new Map<string, string[]>();
    await pLimit(8).map(keys, async (key) => {
      const ids: string[] = [];
      for (let index = 0; index < 15; index += 1) {
        ids.unshift(String((await client.putObject(bucket, key, `${index}`)).versionId));
      }
      written.set(key, ids);
    });
    await client.removeObject(bucket, 'deep/er/f-7/leaf.bin');
    const listed = await versionsIn(client, bucket);
    expect(listed.flatMap(({ versions }) => versions).length).toBe(75 * 15 + 1);
    expect(listed.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
    for (const { key, versions } of listed) {
      const ids = versions.filter(({ isDeleteMarker }) => !isDeleteMarker).map(({ versionId }) => versionId);
      expect([key, ids]).toEqual([key, written.get(key)]);
    }
    const hidden = listed.find(({ key }) => key === 'deep/er/f-7/leaf.bin');
    expect(hidden?.versions[0]).toMatchObject({ isDeleteMarker: true, etag: '', sizeBytes: 0 });
    expect(hidden?.versions[1]).toMatchObject({
      isDeleteMarker: false,
      sizeBytes: 2,
      etag: createHash('md5').update('14').digest('hex'),
    });
    expect(await versionsIn(client, bucket, 97)).toEqual(listed);
  });

  it('finds exactly what was damaged and puts it back; what was written since stays', async () => {
    const contents = new Map(Array.from({ length: 40 }, (_, index) => [`a/b c/${index}+?#.txt`, `content ${index}`]));
    const { client, bucket } = await filled(contents);
    const fault = damageObjects({ bucket, seed: 7, overwrittenShare: 0.3, deletedShare: 0.2 });
    const target = { objects: store };
    expect(await fault.observe(target)).toEqual([]);
    await fault.inject(target);
    const damage = fault.damage();
    if (!damage) throw new Error('no damage');
    expect([damage.overwritten.length, damage.deleted.length]).toEqual([12, 8]);
    expect((await fault.observe(target)).map(({ actual, bitten }) => [actual, bitten])).toEqual([
      ['12 of 12', true],
      ['8 of 8', true],
    ]);
    // The application goes on: a new object, one damaged object written anew, one deleted object uploaded again.
    const [rewritten, reuploaded] = [String(damage.overwritten[0]?.key), String(damage.deleted[0])];
    for (const key of ['a/new', rewritten, reuploaded]) {
      contents.set(key, `new ${key}`);
      await client.putObject(bucket, key, `new ${key}`);
    }

    const scope = await findObjectDamage({ client, bucket, expected: expectedOf(contents) });
    const changed = damage.overwritten.slice(1);
    expect(scope).toMatchObject({ checked: 41, intact: 41 - 18 });
    expect(scope.damaged.map(({ key, state, actualSha256 }) => ({ key, state, actualSha256 }))).toEqual(
      [
        ...changed.map((object) => ({ key: object.key, state: 'changed', actualSha256: object.sha256 })),
        ...damage.deleted.slice(1).map((key) => ({ key, state: 'missing', actualSha256: undefined })),
      ].toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    );

    const untouched = (await versionsIn(client, bucket)).filter(({ key }) =>
      scope.damaged.every((object) => object.key !== key),
    );
    const result = await restoreObjectVersions({
      client,
      bucket,
      before: damage.startedAt,
      damaged: scope.damaged,
    });
    expect(result).toMatchObject({
      copied: changed.map(({ key }) => key),
      undeleted: damage.deleted.slice(1),
      kept: [],
      lost: [],
    });
    expect(result.durationMs).toBeGreaterThan(0);
    expect(await findObjectDamage({ client, bucket, expected: expectedOf(contents) })).toMatchObject({
      intact: 41,
      damaged: [],
    });
    const after = await versionsIn(client, bucket);
    expect(after.filter(({ key }) => untouched.some((other) => other.key === key))).toEqual(untouched);
    const markers = after.filter(({ versions }) => versions.some(({ isDeleteMarker }) => isDeleteMarker));
    expect(markers.map(({ key }) => key)).toEqual([reuploaded]);
    expect((await fault.observe(target)).every(({ bitten }) => bitten)).toBe(false);
  });

  it('hits the same objects with the same garbage for the same seed, others for another', async () => {
    const contents = new Map(Array.from({ length: 30 }, (_, index) => [`k/${index}`, `content ${index}`]));
    const hits = [];
    for (const seed of [1, 1, 2]) {
      const { client, bucket } = await filled(contents);
      const { overwritten, deleted } = await damageBucket(client, { bucket, seed });
      hits.push({ overwritten, deleted });
    }
    expect(hits[1]).toEqual(hits[0]);
    expect(hits[2]).not.toEqual(hits[0]);
    expect([hits[0]?.overwritten.length, hits[0]?.deleted.length]).toEqual([3, 2]);
  });

  it('an empty bucket, or shares that overlap, cannot be damaged', async () => {
    const { client, bucket } = await bucketOf(store);
    await expect(damageBucket(client, { bucket, seed: 1 })).rejects.toMatchObject({ code: 'configuration' });
    await client.putObject(bucket, 'k', 'x');
    await expect(damageBucket(client, { bucket, seed: 1 })).rejects.toMatchObject({ code: 'configuration' });
    expect(await readText(client, bucket, 'k')).toBe('x');
  });

  it('names what is lost, and does not cover it with an older version', async () => {
    const contents = new Map(['purged', 'all gone', 'hidden', 'whole'].map((key) => [key, `content of ${key}`]));
    const { client, bucket } = await filled(contents);
    for (const { key, versions } of await versionsIn(client, bucket)) {
      if (key === 'whole') continue;
      for (const [index, { versionId }] of versions.entries()) {
        if (index === 0 || key === 'all gone') await client.removeObject(bucket, key, { versionId });
      }
    }
    await client.removeObject(bucket, 'hidden');
    const before = systemClock.now();
    await client.putObject(bucket, 'purged', 'garbage');
    await client.putObject(bucket, 'whole', 'garbage');
    const { damaged } = await findObjectDamage({ client, bucket, expected: expectedOf(contents) });
    const { copied, lost } = await restoreObjectVersions({ client, bucket, before, damaged });
    expect(copied).toEqual(['whole']);
    expect(lost.map(({ key }) => key)).toEqual(['all gone', 'hidden', 'purged']);
    expect(lost[0]?.reason).toBe('no version is left');
    expect(await readText(client, bucket, 'purged')).toBe('garbage');
    expect(await readObject(client, bucket, 'hidden')).toBeUndefined();
  });

  it('keeps what the application writes between the finding and the restoring, and while it restores', async () => {
    const contents = new Map(['early', 'late', 'hidden'].map((key) => [key, `content of ${key}`]));
    const { client, bucket } = await filled(contents);
    const before = systemClock.now();
    for (const key of ['early', 'late']) await client.putObject(bucket, key, 'garbage');
    await client.removeObject(bucket, 'hidden');
    const { damaged } = await findObjectDamage({ client, bucket, expected: expectedOf(contents) });
    for (const key of ['early', 'hidden']) await client.putObject(bucket, key, 'new');
    const racing: Client = Object.create(client, {
      getObject: {
        value: async (...args: Parameters<Client['getObject']>) => {
          const stream = await client.getObject(...args);
          await client.putObject(bucket, 'late', 'new');
          return stream;
        },
      },
    });
    const result = await restoreObjectVersions({ client: racing, bucket, before, damaged, concurrency: 1 });
    expect(result).toMatchObject({ copied: [], undeleted: [], kept: ['early', 'hidden', 'late'], lost: [] });
    for (const key of contents.keys()) expect(await readText(client, bucket, key)).toBe('new');
  });

  it('an object that does not read back as it must is lost, not restored', async () => {
    const contents = new Map([['k', 'content']]);
    const { client, bucket } = await filled(contents);
    const before = systemClock.now();
    await client.putObject(bucket, 'k', 'garbage');
    const { damaged } = await findObjectDamage({ client, bucket, expected: expectedOf(contents) });
    const miscopying: Client = Object.create(client, {
      copyObject: {
        value: async () => ({ VersionId: (await client.putObject(bucket, 'k', 'other')).versionId }),
      },
    });
    const result = await restoreObjectVersions({ client: miscopying, bucket, before, damaged });
    expect(result).toMatchObject({
      copied: [],
      sizeBytes: 0,
      lost: [{ key: 'k', reason: 'what was written does not read back' }],
    });
  });

  it('without versions there is nothing to restore from', async () => {
    const { client, bucket } = await bucketOf(store);
    await client.putObject(bucket, 'k', 'garbage');
    const { damaged } = await findObjectDamage({ client, bucket, expected: expectedOf(new Map([['k', 'good']])) });
    expect(damaged).toHaveLength(1);
    const facts = { code: 'backup-missing', message: expect.stringContaining('nothing to restore from') as unknown };
    await expect(restoreObjectVersions({ client, bucket, before: systemClock.now(), damaged })).rejects.toMatchObject(
      facts,
    );
    await client.setBucketVersioning(bucket, { Status: 'Suspended' });
    await expect(requireVersioning(client, bucket)).rejects.toMatchObject(facts);
    expect(await readText(client, bucket, 'k')).toBe('garbage');
    await client.setBucketVersioning(bucket, { Status: 'Enabled' });
    await expect(requireVersioning(client, bucket)).resolves.toBeUndefined();
  });

  it('a bucket that is not there is an error, not a loss', async () => {
    const { client } = await bucketOf(store);
    const bucket = 'contract-not-there';
    const unreachable = { code: 'service-unreachable', message: expect.stringContaining('NoSuchBucket') as unknown };
    await expect(versionsIn(client, bucket)).rejects.toMatchObject(unreachable);
    const expected = expectedOf(new Map([['k', 'x']]));
    await expect(findObjectDamage({ client, bucket, expected })).rejects.toMatchObject(unreachable);
  });
}
