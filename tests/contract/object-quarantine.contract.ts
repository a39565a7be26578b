import { afterAll, beforeAll, expect, it } from 'vitest';
import { reconcile } from '../../checks/reconcile.ts';
import type { ReconciliationEntry } from '../../domain/reconciliation.ts';
import type { ObjectStore } from '../../domain/service.ts';
import { objectDigests } from '../../recovery/object-digests.ts';
import { quarantineBucket, quarantineObjects } from '../../recovery/quarantine-objects.ts';
import type { Implementation } from '../../stack/implementations.ts';
import { describeImplementations } from './implementations-support.ts';
import { bucketOf, readText, sha256 } from './objects/support.ts';

await describeImplementations('objects', contract);

const oddKeys = ['a b+c&d=e', "it's (1)!*", 'ü/ß%41', 'x#y?z', 'plain', 'Z', '\u{1F600}', '\uE000'];

function contract(implementation: Implementation<ObjectStore>): void {
  let store: ObjectStore;
  beforeAll(async () => {
    store = await implementation.start();
  });
  afterAll(async () => store?.[Symbol.asyncDispose]());

  it('every object is given with the digest of its content, in the order that a reconciliation wants', async () => {
    const { client, bucket } = await bucketOf(store);
    for (const key of oddKeys) await client.putObject(bucket, key, `content of ${key}`);
    const entries = await Array.fromAsync(objectDigests(client, bucket));
    expect(new Map(entries.map(({ key, digest }) => [key, digest]))).toEqual(
      new Map(oddKeys.map((key) => [key, sha256(`content of ${key}`)])),
    );
    const rows: ReconciliationEntry[] = entries.filter(({ key }) => key !== 'plain');
    const { differences, compared } = await reconcile({
      store: 'objects',
      rows,
      items: objectDigests(client, bucket),
    });
    expect(compared).toBe(oddKeys.length - 1);
    expect(differences.orphan.first.map(({ key }) => key)).toEqual(['plain']);
  });

  it('what is put into quarantine is there with its content, and nowhere else', async () => {
    const { client, bucket } = await bucketOf(store);
    for (const key of [...oddKeys, 'stays']) await client.putObject(bucket, key, `content of ${key}`);
    expect(await quarantineObjects(client, bucket, oddKeys)).toBe(oddKeys.length);
    expect((await Array.fromAsync(objectDigests(client, bucket))).map(({ key }) => key)).toEqual(['stays']);
    for (const key of oddKeys) {
      expect(await readText(client, quarantineBucket, `${bucket}/${key}`)).toBe(`content of ${key}`);
    }
    expect(await quarantineObjects(client, bucket, [])).toBe(0);
  });

  it('an object that is gone is not taken for one that was moved', async () => {
    const { client, bucket } = await bucketOf(store);
    await expect(quarantineObjects(client, bucket, ['none'])).rejects.toThrow(
      /key does not exist|NoSuchKey|not exist/i,
    );
  });
}
