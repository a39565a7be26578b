import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from 'minio';
import type { ObjectStore, Stack } from '../../domain/service.ts';
import { damageBuckets } from '../../faults/damage-objects.ts';
import { damageBegan } from '../../recovery/damage-began.ts';
import { findObjectDamage, type ExpectedObject } from '../../recovery/object-damage-scope.ts';
import { implementationsOf, type Implementation } from '../../stack/implementations.ts';
import { bucketOf } from './objects/support.ts';

for (const implementation of await implementationsOf('objects')) {
  const { name, missing } = implementation;
  if (missing === undefined) {
    describe(name, () => contract(implementation));
  } else {
    process.stdout.write(`object damage contract: ${name} does not run here: ${missing}\n`);
    describe.skip(`${name} (skipped: ${missing})`, () => contract(implementation));
  }
}

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

async function* expectedOf(contents: ReadonlyMap<string, string>): AsyncGenerator<ExpectedObject> {
  for (const [key, content] of contents) yield { key, sha256: sha256(content) };
}

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

  it('hits several buckets at once, spares what was written a moment ago, and the store tells when it began', async () => {
    const contents = new Map(Array.from({ length: 10 }, (_, index) => [`k/${index}`, `content ${index}`]));
    const filledBuckets = [await filled(contents), await filled(contents)];
    const buckets = filledBuckets.map(({ bucket }) => bucket);
    const target = { objects: store } as unknown as Stack;
    const hasty = damageBuckets({ buckets, seed: 3, settledMs: 60_000 });
    await expect(hasty.inject(target)).rejects.toMatchObject({ code: 'configuration' });
    const fault = damageBuckets({ buckets, seed: 3, overwrittenShare: 0.2, deletedShare: 0.1 });
    expect([...fault.damage()]).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await fault.inject(target);
    expect([...fault.damage().keys()]).toEqual(buckets);
    expect((await fault.observe(target)).map(({ question, actual }) => `${question} ${actual}`)).toEqual(
      buckets.flatMap((bucket) => [
        `${bucket}: How many overwritten objects read as garbage? 2 of 2`,
        `${bucket}: How many deleted objects are not there? 1 of 1`,
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
