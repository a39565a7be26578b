import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'minio';
import type { ObjectEntry } from './objects-manifest.ts';
import { seal } from './objects-seal.ts';
import { describeObject, isGone, objectsError, readTags, type ListedObject } from './objects-source.ts';

/** Contents up to this size are held in memory; larger ones wait, encrypted, in a file until their sha256 is known. */
export const memoryBytes = 8 * 1024 * 1024;

/** An object's content, whole: plain in memory or encrypted in a file. */
export type ReadContent = { plain: Buffer } | { sealedFile: string };

/** What is known of an object that was read whole; `storedBytes` shows when it is stored. */
export interface ReadObject {
  entry: Omit<ObjectEntry, 'storedBytes'>;
  content: ReadContent;
}

export interface ReadObjectOptions {
  client: Client;
  bucket: string;
  listed: ListedObject;
  /** Where a large content waits, under a name of its own. */
  folder: string;
  fileName: string;
  recipient: string;
  signal: AbortSignal;
}

const attemptsMax = 3;

/**
 * Reads an object with what belongs to it: content, metadata and tags of one and the same state. A reading that ends
 * early, or beside which the object changed, is done again; gives `vanished` or `unsettled` where none comes out right.
 * Throws `service-unreachable` when the store refuses.
 */
export async function readObject(options: ReadObjectOptions): Promise<ReadObject | 'vanished' | 'unsettled'> {
  const where = `${options.bucket}/${options.listed.key}`;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    options.signal.throwIfAborted();
    try {
      const read = await readOnce(options);
      if (read) return read;
    } catch (error) {
      options.signal.throwIfAborted();
      if (isGone(error)) return 'vanished';
      throw objectsError(error, where);
    }
  }
  return 'unsettled';
}

/** What is read when only the headers are: the object as it is now, without its content. */
export async function headObject(client: Client, bucket: string, key: string) {
  const answer = await client.makeRequestAsyncOmit({ method: 'HEAD', bucketName: bucket, objectName: key });
  return describeObject(answer as IncomingMessage);
}

/** Nothing when the reading was not whole, or the object was another one afterwards. */
async function readOnce(options: ReadObjectOptions): Promise<ReadObject | undefined> {
  const { client, bucket, listed, signal } = options;
  // The client gives the answer itself, whose headers belong to the very bytes that follow.
  const answer = (await client.getObject(bucket, listed.key)) as IncomingMessage;
  const { tagCount, lastModified, ...described } = describeObject(answer);
  const hash = createHash('sha256');
  const counted = { sizeBytes: 0 };
  const content = await take(options, described.sizeBytes, hashed(answer, hash, counted, signal)).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      // The connection that broke off inside the body is told from a store that refuses, and from a full disk.
      if (answer.errored) return undefined;
      throw error;
    },
  );
  if (!content || counted.sizeBytes !== described.sizeBytes) return undefined;
  const tags = tagCount > 0 ? await readTags(client, bucket, listed.key, described.versionId) : {};
  if (described.versionId === undefined && (tagCount > 0 || 'sealedFile' in content)) {
    const now = await headObject(client, bucket, listed.key);
    if (now.etag !== described.etag || now.lastModified.getTime() !== lastModified.getTime()) return undefined;
  }
  // A header's time has whole seconds. Where it fits the listing's, which is finer, the listing's is kept.
  const isListed =
    described.etag === listed.etag &&
    Math.floor(lastModified.getTime() / 1000) === Math.floor(listed.lastModified.getTime() / 1000);
  const at = isListed ? listed.lastModified : lastModified;
  const facts = { ...described, sha256: hash.digest('hex'), tags, lastModified: at.toISOString() };
  return { entry: { bucket, key: listed.key, ...facts }, content };
}

async function take(
  { folder, fileName, recipient }: ReadObjectOptions,
  sizeBytes: number,
  chunks: AsyncIterable<Buffer>,
): Promise<ReadContent> {
  if (sizeBytes <= memoryBytes) return { plain: Buffer.concat(await Array.fromAsync(chunks)) };
  const sealedFile = join(folder, fileName);
  await pipeline(seal(chunks, recipient), createWriteStream(sealedFile, { mode: 0o600 }));
  return { sealedFile };
}

async function* hashed(source: IncomingMessage, hash: Hash, counted: { sizeBytes: number }, signal: AbortSignal) {
  for await (const chunk of source as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    hash.update(chunk);
    counted.sizeBytes += chunk.length;
    yield chunk;
  }
}
