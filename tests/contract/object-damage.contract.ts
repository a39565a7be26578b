import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from 'minio';
import type { ObjectStore, Stack } from '../../domain/service.ts';
import { damageBuckets } from '../../faults/damage-objects.ts';
import { damageBegan } from '../../recovery/damage-began.ts';
import { findObjectDamage } from '../../recovery/object-damage-scope.ts';
import type { Implementation } from '../../stack/implementations.ts';
import { describeImplementations } from './implementations-support.ts';
import { bucketOf, expectedOf, readText } from './objects/support.ts';

await describeImplementations('objects', contract);

function contract(implementation: Implementation<ObjectStore>): void {
  let store: ObjectStore;
  beforeAll(async () => {
    store = await implementation.start();
  });
  afterAll(async () => store?.[Symbol.asyncDispose]());

  async function filled(contents: ReadonlyMap<string, string>): Promise<{ client: Client; bucket: string }> {
    const made = await bucketOf(store, { versioned: true });
    for (const [key, content] of contents) await made.client.putObject(made.bucket, key, content);
    return made;
  }

  it('hits several buckets at once, spares what is written meanwhile, and the store tells when it began', async () => {
    const contents = new Map(Array.from({ length: 10 }, (_, index) => [`k/${index}`, `content ${index}`]));
    const filledBuckets = [await filled(contents), await filled(contents)];
    const buckets = filledBuckets.map(({ bucket }) => bucket);
    const target = { objects: store } as unknown as Stack;
    const fault = damageBuckets({ buckets, seed: 3, overwrittenShare: 0.6, deletedShare: 0.4, settleMs: 1_100 });
    expect([...fault.damage()]).toEqual([]);
    const injected = fault.inject(target);
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const { client, bucket } of filledBuckets) await client.putObject(bucket, 'late', 'just written');
    await injected;
    for (const { client, bucket } of filledBuckets) expect(await readText(client, bucket, 'late')).toBe('just written');
    expect([...fault.damage().keys()]).toEqual(buckets);
    expect((await fault.observe(target)).map(({ question, actual }) => `${question} ${actual}`)).toEqual(
      buckets.flatMap((bucket) => [
        `${bucket}: How many overwritten objects read as garbage? 6 of 6`,
        `${bucket}: How many deleted objects are not there? 4 of 4`,
      ]),
    );
    for (const { client, bucket } of filledBuckets) {
      const { damaged } = await findObjectDamage({ client, bucket, expected: expectedOf(contents) });
      const began = await damageBegan({ client, bucket, damaged });
      const startedMs = fault.damage().get(bucket)?.startedAt.getTime() ?? Number.NaN;
      // Some stores tell whole seconds only.
      expect(Math.abs(Number(began?.getTime()) - startedMs)).toBeLessThan(1_000);
      expect(await damageBegan({ client, bucket, damaged: [] })).toBeUndefined();
    }
  });
}
