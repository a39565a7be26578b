import { createCipheriv, createHash } from 'node:crypto';
import type { Client } from 'minio';
import pLimit from 'p-limit';
import { buffer } from 'node:stream/consumers';
import { systemClock, type Clock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { Fault, FaultObservation } from '../domain/fault.ts';
import type { Stack } from '../domain/service.ts';
import { objectClient } from '../stack/clients.ts';
import { listObjects } from '../stack/list-objects.ts';

export interface ObjectDamageOptions {
  bucket: string;
  /** The same seed hits the same keys of the same bucket, with the same garbage. */
  seed: number;
  /** Of all objects, 0 to 1; at least one object. Default 0.1. */
  overwrittenShare?: number;
  /** Likewise; no object is hit twice. Default 0.05. */
  deletedShare?: number;
  /** Only keys that begin so. */
  prefix?: string;
  /**
   * Time between the choice and the damage: an upload that is under way when objects are chosen is complete by then.
   * What is written meanwhile is not hit. Default 0.
   */
  settleMs?: number;
  clock?: Clock;
}

export interface ObjectDamage {
  /** Before the first object was hit. */
  startedAt: Date;
  /** With the sha256 of the garbage, hex; by key. */
  overwritten: { key: string; sha256: string }[];
  /** By key. */
  deleted: string[];
}

const claims: Fault['claims'] = [{ target: { service: 'objects' }, effect: 'damaged' }];

/** What the fault needs of a stack. */
type DamagedStack = Pick<Stack, 'objects'>;

/** The fault, which also tells what it has hit; it asks nothing of a stack but its object store. */
export interface ObjectFault extends Fault {
  inject(stack: DamagedStack): Promise<void>;
  observe(stack: DamagedStack): Promise<FaultObservation[]>;
  lift(stack: DamagedStack): Promise<void>;
  /** What was hit, for those who judge the recovery; `undefined` before the injection. */
  damage(): ObjectDamage | undefined;
}

/**
 * A share of a bucket's objects is overwritten with garbage of the same size, and others are deleted, through the
 * store's own interface and as any client with its credentials could: versions that the bucket keeps are not touched.
 */
export function damageObjects(options: ObjectDamageOptions): ObjectFault {
  let damage: ObjectDamage | undefined;
  return {
    name: 'damage-objects',
    title: 'A share of the objects is overwritten with garbage, others are deleted',
    claims,

    async inject({ objects }) {
      damage = await damageBucket(objectClient(objects.access), options);
    },

    async observe({ objects }) {
      return damage ? observeDamage(objectClient(objects.access), options.bucket, damage) : [];
    },

    /** The damage stays: putting the objects back is the recovery. Nothing runs that would have to be ended. */
    async lift() {},

    damage: () => damage,
  };
}

/** The fault that hits several buckets, and what it has hit in each. */
export interface BucketsFault extends Fault {
  /** By bucket; empty before the injection. */
  damage(): ReadonlyMap<string, ObjectDamage>;
}

/** The same damage, to the objects of several buckets at once. */
export function damageBuckets({
  buckets,
  ...options
}: Omit<ObjectDamageOptions, 'bucket'> & { buckets: readonly string[] }): BucketsFault {
  const faults = buckets.map((bucket) => ({ bucket, fault: damageObjects({ ...options, bucket }) }));
  return {
    name: 'damage-objects',
    title: `A share of the objects is overwritten with garbage, others are deleted, in ${buckets.length} buckets`,
    claims,
    async inject(stack) {
      await Promise.all(faults.map(({ fault }) => fault.inject(stack)));
    },
    async observe(stack) {
      const seen = await Promise.all(
        faults.map(async ({ bucket, fault }) =>
          (await fault.observe(stack)).map((line) => ({ ...line, question: `${bucket}: ${line.question}` })),
        ),
      );
      return seen.flat();
    },
    /** The damage stays, as that of each bucket does. */
    async lift() {},
    damage: () =>
      new Map(
        faults.flatMap(({ bucket, fault }) => {
          const damage = fault.damage();
          return damage ? [[bucket, damage] as const] : [];
        }),
      ),
  };
}

/** Objects of which something is done at a time. */
const atATime = 8;

/** Garbage is as long as the object, but no longer than this. */
const mostGarbageBytes = 1024 * 1024;

/** Does the damage. Throws `configuration` when the bucket has too few objects, or the shares are none. */
export async function damageBucket(client: Client, options: ObjectDamageOptions): Promise<ObjectDamage> {
  const { bucket, seed, overwrittenShare = 0.1, deletedShare = 0.05, prefix = '', clock = systemClock } = options;
  const objects = await listObjects(client, bucket, prefix);
  const drawn = objects.toSorted((a, b) => (rank(seed, a.key) < rank(seed, b.key) ? -1 : 1));
  const overwrittenCount = Math.ceil(drawn.length * overwrittenShare);
  const deletedCount = Math.ceil(drawn.length * deletedShare);
  const hit = overwrittenCount + deletedCount;
  if (!(overwrittenShare >= 0 && deletedShare >= 0) || hit === 0 || hit > drawn.length) {
    throw new DrillError({
      code: 'configuration',
      service: 'objects',
      what: 'the objects cannot be damaged as asked',
      expected: `shares of ${overwrittenShare} and ${deletedShare} that hit something, and no object twice`,
      actual: `${drawn.length} objects`,
      where: `${bucket}/${prefix}`,
    });
  }
  await new Promise((resolve) => setTimeout(resolve, options.settleMs ?? 0));
  const startedAt = clock.now();
  const limit = pLimit(atATime);
  const overwritten = await limit.map(drawn.slice(0, overwrittenCount), async ({ key, sizeBytes }) => {
    const garbage = garbageFor(seed, key, sizeBytes);
    await client.putObject(bucket, key, garbage, garbage.length);
    return { key, sha256: sha256(garbage) };
  });
  const deleted = await limit.map(drawn.slice(overwrittenCount, hit), async ({ key }) => {
    await client.removeObject(bucket, key);
    return key;
  });
  overwritten.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { startedAt, overwritten, deleted: deleted.sort() };
}

/** Asks for every object that was hit. What was written anew since then is whole again; the rest shows the damage. */
async function observeDamage(
  client: Client,
  bucket: string,
  { overwritten, deleted }: ObjectDamage,
): Promise<FaultObservation[]> {
  const limit = pLimit(atATime);
  const content = (key: string): Promise<Buffer | undefined> =>
    client.getObject(bucket, key).then(buffer, (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'NoSuchKey') return undefined;
      throw error;
    });
  const garbage = await limit.map(overwritten, async (object) => {
    const bytes = await content(object.key);
    return bytes !== undefined && sha256(bytes) === object.sha256;
  });
  const gone = await limit.map(deleted, async (key) => (await content(key)) === undefined);
  return [
    observation('How many overwritten objects read as garbage?', garbage),
    observation('How many deleted objects are not there?', gone),
  ].filter(({ expected }) => expected !== 'at least one of 0');
}

function observation(question: string, answers: readonly boolean[]): FaultObservation {
  const count = answers.filter(Boolean).length;
  const expected = `at least one of ${answers.length}`;
  return { question, expected, actual: `${count} of ${answers.length}`, bitten: count > 0 };
}

/** Place of a key in the draw: it depends on the seed and the key alone. */
function rank(seed: number, key: string): string {
  return sha256(`${seed}:${key}`);
}

/** A key stream of AES, so that no two objects get the same bytes. An empty object gets 16 bytes. */
function garbageFor(seed: number, key: string, sizeBytes: number): Buffer {
  const cipherKey = createHash('sha256').update(`garbage:${seed}:${key}`).digest();
  const length = Math.min(Math.max(sizeBytes, 16), mostGarbageBytes);
  return createCipheriv('aes-256-ctr', cipherKey, Buffer.alloc(16)).update(Buffer.alloc(length));
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
