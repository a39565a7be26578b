import type { Client } from 'minio';
import type { ReconciliationEntry } from '../domain/reconciliation.ts';
import { eachObject } from '../stack/list-objects.ts';
import { readObject } from './read-object.ts';

/** Objects whose content is read ahead of the one that is given next. */
const readAhead = 8;

/**
 * Every object of a bucket with the sha256 of its content, hex, in the order of the store's listing, which is that of
 * the bytes of the keys. Each object is read to its end, some at a time. One that is gone by the time it is read is
 * left out. Errors of the store are thrown as `service-unreachable`.
 */
export async function* objectDigests(
  client: Client,
  bucket: string,
  signal?: AbortSignal,
): AsyncGenerator<ReconciliationEntry> {
  const reading: Promise<ReconciliationEntry | undefined>[] = [];
  try {
    for await (const { key } of eachObject(client, bucket)) {
      signal?.throwIfAborted();
      reading.push(digestOf(client, bucket, key));
      if (reading.length < readAhead) continue;
      const next = await reading.shift();
      if (next) yield next;
    }
    for (const next of reading.splice(0)) {
      const entry = await next;
      if (entry) yield entry;
    }
  } finally {
    await Promise.allSettled(reading);
  }
}

async function digestOf(client: Client, bucket: string, key: string): Promise<ReconciliationEntry | undefined> {
  const read = await readObject(client, bucket, key);
  return read && { key, digest: read.sha256 };
}
