import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { Client } from 'minio';
import pLimit from 'p-limit';
import type { ObjectStore } from '../domain/service.ts';
import { objectClient } from '../stack/clients.ts';
import { startStack } from '../stack/index.ts';
import { listObjects } from '../stack/list-objects.ts';

/** The two stores that are measured with, each a server of its own. */
export interface Stores extends AsyncDisposable {
  objects: ObjectStore;
  backups: ObjectStore;
  /** Of the run, for what must not outlive it. */
  folder: string;
}

/** Starts a stack and leaves its two object stores running. Throws unless they are MinIO. */
export async function startStores(signal: AbortSignal): Promise<Stores> {
  const runId = `bench-${randomBytes(4).toString('hex')}`;
  const stack = await startStack({ engine: 'native', runId, database: 'bench', signal });
  try {
    const { objects, backups, folder } = stack;
    const { implementation } = backups.info;
    if (!implementation.startsWith('MinIO')) {
      throw new Error(`what is measured is MinIO: set FIREDRILL_MINIO_BIN to its program; found the ${implementation}`);
    }
    await Promise.all([stack.postgres.stop(), stack.search.stop()]);
    return { objects, backups, folder, [Symbol.asyncDispose]: () => stack.close() };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/** Makes a bucket of objects, no two of which have the same content and none of which can be compressed. */
export async function fillBucket(
  { access }: ObjectStore,
  bucket: string,
  { objects, sizeBytes, signal }: { objects: number; sizeBytes: number; signal: AbortSignal },
): Promise<void> {
  const client = objectClient(access);
  await client.makeBucket(bucket);
  await pLimit(4).map(Array.from({ length: objects }).keys(), async (index) => {
    signal.throwIfAborted();
    const key = createHash('sha256').update(`${bucket}:${index}`).digest();
    const content = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes));
    await client.putObject(bucket, `${String(index % 100).padStart(2, '0')}/${index}.bin`, content, sizeBytes);
  });
}

/** Deletes all objects of a bucket, and the bucket, where it is there. */
export async function removeBucket(client: Client, bucket: string): Promise<void> {
  if (!(await client.bucketExists(bucket))) return;
  const listed = await listObjects(client, bucket);
  for (let at = 0; at < listed.length; at += 1_000) {
    const page = listed.slice(at, at + 1_000).map(({ key }) => key);
    await client.removeObjects(bucket, page);
  }
  await client.removeBucket(bucket);
}
