import { createHash, hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Client } from 'minio';
import type { ListedObject } from '../stack/list-objects.ts';
import type { OpenRecipient } from './age-header.ts';
import { isMissingObject, objectStoreError } from './object-store-error.ts';
import type { ObjectEntry } from './objects-manifest.ts';
import { seal } from './objects-seal.ts';
import { fillFrom } from './upload-parts.ts';
import { describeObject, readTags } from './objects-source.ts';

/** Contents up to this size are held in memory; larger ones wait, encrypted, in a file until their sha256 is known. */
export const memoryBytes = 8 * 1024 * 1024;

/** An object's content, whole: plain in memory or encrypted in a file. */
export type ReadContent = { plain: Buffer } | { sealedFile: string };

/** What is known of an object that was read whole; `storedBytes` shows when it is stored. */
export interface TakenObject {
  entry: Omit<ObjectEntry, 'storedBytes'>;
  content: ReadContent;
}

export interface TakeObjectOptions {
  client: Client;
  bucket: string;
  listed: ListedObject;
  /** Where a large content waits, under a name of its own. */
  folder: string;
  fileName: string;
  recipient: OpenRecipient;
  signal: AbortSignal;
}

const attemptsMax = 3;

/**
 * Reads an object with what belongs to it: content, metadata and tags of one and the same state. A reading that ends
 * early, or beside which the object changed, is done again; gives `vanished` or `unsettled` where none comes out right.
 * Throws `service-unreachable` when the store refuses.
 */
export async function takeObject(options: TakeObjectOptions): Promise<TakenObject | 'vanished' | 'unsettled'> {
  const where = `${options.bucket}/${options.listed.key}`;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    options.signal.throwIfAborted();
    try {
      const read = await readOnce(options);
      if (read) return read;
    } catch (error) {
      options.signal.throwIfAborted();
      if (isMissingObject(error)) return 'vanished';
      throw objectStoreError(error, where);
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
async function readOnce(options: TakeObjectOptions): Promise<TakenObject | undefined> {
  const { client, bucket, listed, signal } = options;
  // The client gives the answer itself, whose headers belong to the very bytes that follow.
  const answer = (await client.getObject(bucket, listed.key)) as IncomingMessage;
  const { tagCount, lastModified, ...described } = describeObject(answer);
  const taken = await takeContent(options, described.sizeBytes, answer).catch((error: unknown) => {
    const broken = answer.errored;
    answer.destroy();
    signal.throwIfAborted();
    // The connection that broke off inside the body is told from a store that refuses, and from a full disk.
    if (broken) return undefined;
    throw error;
  });
  if (!taken || taken.sizeBytes !== described.sizeBytes) return undefined;
  const { content, sha256 } = taken;
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
  const facts = { ...described, sha256, tags, lastModified: at.toISOString() };
  return { entry: { bucket, key: listed.key, ...facts }, content };
}

interface TakenBytes {
  content: ReadContent;
  sizeBytes: number;
  sha256: string;
}

async function takeContent(
  options: TakeObjectOptions,
  expectedBytes: number,
  answer: IncomingMessage,
): Promise<TakenBytes> {
  const { folder, fileName, recipient, signal } = options;
  const pieces = untilAborted(answer as AsyncIterable<Buffer>, signal);
  if (expectedBytes <= memoryBytes) {
    const plain = Buffer.concat(await Array.fromAsync(pieces));
    return { content: { plain }, sizeBytes: plain.length, sha256: hash('sha256', plain, 'hex') };
  }
  const digest = createHash('sha256');
  let sizeBytes = 0;
  async function* hashed(): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      digest.update(piece);
      sizeBytes += piece.length;
      yield piece;
    }
  }
  const sealedFile = join(folder, fileName);
  await writeInBlocks(seal(hashed(), recipient), sealedFile);
  return { content: { sealedFile }, sizeBytes, sha256: digest.digest('hex') };
}

/** A call of the system for every piece would cost more than all else that is done with it. */
const blockBytes = 1024 * 1024;

async function writeInBlocks(pieces: AsyncIterable<Buffer>, path: string): Promise<void> {
  await using file = await open(path, 'w', 0o600);
  const fill = fillFrom(pieces);
  const block = Buffer.allocUnsafe(blockBytes);
  for (let filled = blockBytes; filled === blockBytes;) {
    filled = await fill(block);
    await file.writeFile(block.subarray(0, filled));
  }
}

async function* untilAborted(pieces: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
}
