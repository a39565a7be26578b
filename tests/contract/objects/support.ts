import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Client } from 'minio';
import type { ObjectStore } from '../../../domain/service.ts';
import type { ExpectedObject } from '../../../recovery/object-damage-scope.ts';
import { objectClient } from '../../../stack/clients.ts';

/** A part of the contract: declares its tests against the store that runs when they do. */
export type ContractPart = (store: () => ObjectStore) => void;

/** One entry of a listing by the client: an object, a version, a delete marker, or a common prefix. */
export interface Listed {
  name?: string;
  prefix?: string;
  size?: number;
  etag?: string;
  lastModified?: Date;
  versionId?: string | null;
  isLatest?: boolean | string;
  isDeleteMarker?: boolean;
}

/** A client of the store and a new bucket in it. */
export async function bucketOf(
  store: ObjectStore,
  { versioned = false } = {},
): Promise<{ client: Client; bucket: string }> {
  const client = objectClient(store.access);
  const bucket = `contract-${randomBytes(6).toString('hex')}`;
  await client.makeBucket(bucket);
  if (versioned) await client.setBucketVersioning(bucket, { Status: 'Enabled' });
  return { client, bucket };
}

/** Content of an object, or of one of its versions. */
export async function read(client: Client, bucket: string, key: string, versionId?: string): Promise<Buffer> {
  return buffer(await client.getObject(bucket, key, versionId === undefined ? {} : { versionId }));
}

export async function readText(client: Client, bucket: string, key: string, versionId?: string): Promise<string> {
  return (await read(client, bucket, key, versionId)).toString();
}

/** Everything that a listing gives, over all of its pages. */
export async function collect(listing: AsyncIterable<unknown>): Promise<Listed[]> {
  const entries: Listed[] = [];
  for await (const entry of listing) entries.push(entry as Listed);
  return entries;
}

/** All versions and delete markers of a bucket, in the order in which the client gives them. */
export async function versionsOf(client: Client, bucket: string, prefix = ''): Promise<Listed[]> {
  return collect(client.listObjects(bucket, prefix, true, { IncludeVersion: true }));
}

export function md5(bytes: Buffer | string): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** Content of every element of that name in a document, in its order. */
export function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text);
}

export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The objects of a bucket as its rows know them, each by the sha256 of its content. */
export async function* expectedOf(contents: ReadonlyMap<string, string>): AsyncGenerator<ExpectedObject> {
  for (const [key, content] of contents) yield { key, sha256: sha256(content) };
}
