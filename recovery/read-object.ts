import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Client } from 'minio';
import { isMissingObject, objectStoreError } from './object-store-error.ts';

/** What the store gives back for a key. */
export interface ReadObject {
  /** Of the bytes that were read, hex. */
  sha256: string;
  sizeBytes: number;
  /** Absent in a bucket that never kept versions. */
  versionId?: string;
}

/**
 * Reads an object, or one of its versions, to its end. `undefined` when it is not there or hidden by a delete marker;
 * anything else that the store refuses is thrown as `service-unreachable`.
 */
export async function readObject(
  client: Client,
  bucket: string,
  key: string,
  versionId?: string,
): Promise<ReadObject | undefined> {
  try {
    const stream = await client.getObject(bucket, key, versionId === undefined ? {} : { versionId });
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
    // The client hands on the answer itself as the stream.
    const { headers } = stream as IncomingMessage;
    const read = headers['x-amz-version-id'] ?? versionId;
    return { sha256: hash.digest('hex'), sizeBytes, ...(read !== undefined && { versionId: String(read) }) };
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw objectStoreError(error, `${bucket}/${key}`);
  }
}
