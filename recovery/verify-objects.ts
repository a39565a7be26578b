import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Client } from 'minio';
import type { ObjectStoreAccess } from '../domain/service.ts';
import { objectClient } from '../stack/clients.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import { isMissingObject, objectStoreError } from './object-store-error.ts';
import type { BucketEntry, ObjectEntry } from './objects-manifest.ts';
import { describeObject, observeBucket, readTags } from './objects-source.ts';
import { codeOf } from './store-error.ts';

/** What an object must be. */
export interface ExpectedStoredObject {
  bucket: string;
  key: string;
  /** Hex. */
  sha256: string;
  /** With it, content type, headers, metadata, tags and protection are compared, too. */
  entry?: ObjectEntry;
}

export interface VerifyObjectsOptions {
  target: ObjectStoreAccess;
  /** Taken as it is needed. */
  expected: AsyncIterable<ExpectedStoredObject>;
  buckets: readonly BucketEntry[];
  /** Protection that has run out by then is not expected any more. */
  now: Date;
  /** Objects that are read at a time; default 8. */
  concurrency?: number;
  signal?: AbortSignal;
}

/** How a store differs from what is expected of it. Names are `bucket/key`; no values are named. */
export interface ObjectsVerification {
  objects: number;
  /** That were read. */
  sizeBytes: number;
  missing: string[];
  /** There, with other bytes. */
  changed: string[];
  /** `bucket/key: content type, tags`. */
  properties: string[];
  /** Objects whose properties were compared. */
  propertiesCompared: number;
  buckets: number;
  /** `bucket: versioning is Off, expected Enabled`. */
  bucketDifferences: string[];
}

/**
 * Reads every expected object to its end and compares bytes, and what belongs to them, with what is expected; nothing
 * that the store says of them is taken for their bytes. Objects that nobody expects are not looked at. Throws
 * `service-unreachable` when the store refuses.
 */
export async function verifyObjects(options: VerifyObjectsOptions): Promise<ObjectsVerification> {
  const { target, expected, buckets, now, concurrency = 8, signal } = options;
  const client = objectClient(target);
  const bucketDifferences = (await Promise.all(buckets.map((bucket) => compareBucket(client, bucket)))).flat();
  const found: ObjectsVerification = {
    objects: 0,
    sizeBytes: 0,
    missing: [],
    changed: [],
    properties: [],
    propertiesCompared: 0,
    buckets: buckets.length,
    bucketDifferences,
  };
  await forEachConcurrently(expected, concurrency, async (object) => {
    signal?.throwIfAborted();
    await compareObject(client, object, now, found);
  });
  for (const names of [found.missing, found.changed, found.properties]) names.sort();
  return found;
}

async function compareObject(
  client: Client,
  { bucket, key, sha256, entry }: ExpectedStoredObject,
  now: Date,
  found: ObjectsVerification,
): Promise<void> {
  const name = `${bucket}/${key}`;
  found.objects += 1;
  const read = await readWhole(client, bucket, key).catch((error: unknown) => {
    throw objectStoreError(error, name);
  });
  found.sizeBytes += read?.sizeBytes ?? 0;
  if (!read) found.missing.push(name);
  else if (read.sha256 !== sha256) found.changed.push(name);
  if (!read || !entry) return;
  found.propertiesCompared += 1;
  const [is, must] = [read.properties, propertiesOf(entry, now)];
  const different = Object.keys(must).filter((property) => is[property] !== must[property]);
  if (different.length > 0) found.properties.push(`${name}: ${different.join(', ')}`);
}

/** Nothing when the store does not have it. */
async function readWhole(client: Client, bucket: string, key: string) {
  try {
    // The client gives the answer itself, whose headers belong to the very bytes that follow.
    const answer = (await client.getObject(bucket, key)) as IncomingMessage;
    const { tagCount, ...described } = describeObject(answer);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
    const tags = tagCount > 0 ? await readTags(client, bucket, key, described.versionId) : {};
    return { sha256: hash.digest('hex'), sizeBytes, properties: propertiesOf({ ...described, tags }) };
  } catch (error) {
    if (isMissingObject(error) || codeOf(error) === 'NoSuchBucket') return undefined;
    throw error;
  }
}

type Properties = Pick<ObjectEntry, 'contentType' | 'headers' | 'userMetadata' | 'tags' | 'retention' | 'legalHold'>;

/** Each property as one text, so that two can be compared whatever the order of their names. */
function propertiesOf(object: Properties, now?: Date): Record<string, string> {
  const { contentType = '', headers, userMetadata, tags, retention, legalHold = false } = object;
  const runs = retention && (now === undefined || Date.parse(retention.until) > now.getTime());
  return {
    'content type': contentType,
    headers: sortedText(headers),
    metadata: sortedText(userMetadata),
    tags: sortedText(tags),
    retention: runs ? `${retention.mode} until ${Date.parse(retention.until)}` : '',
    'legal hold': String(legalHold),
  };
}

function sortedText(values: Record<string, string>): string {
  return JSON.stringify(Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function compareBucket(client: Client, expected: BucketEntry): Promise<string[]> {
  const { name } = expected;
  const actual = await observeBucket(client, name).catch((error: unknown) => {
    if (codeOf(error) === 'NoSuchBucket') return undefined;
    throw objectStoreError(error, name);
  });
  if (!actual) return [`${name} is missing`];
  const settings = ['versioning', 'objectLock'] as const;
  return settings.flatMap((setting) =>
    actual[setting] === expected[setting]
      ? []
      : [`${name}: ${setting} is ${String(actual[setting])}, expected ${String(expected[setting])}`],
  );
}
