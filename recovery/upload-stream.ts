import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Client } from 'minio';
import type { BackupFile } from '../domain/recovery.ts';
import { fillFrom, uploadParts } from './upload-parts.ts';

/** S3 allows 10,000 parts, so a stream, whose size nobody knows, may have 160 GB. */
const partBytes = 16 * 1024 * 1024;

export interface UploadOptions {
  client: Client;
  bucket: string;
  key: string;
  source: Readable;
  /** Told of the bytes that were read so far. */
  onBytes?: (sizeBytes: number) => void;
}

/**
 * Streams `source` into one object and gives its size and sha256. The object appears whole or not at all: when the
 * source fails, or the store, the upload is taken back and the error is thrown.
 */
export async function uploadStream({ client, bucket, key, source, onBytes }: UploadOptions): Promise<BackupFile> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const next = fillFrom(source as AsyncIterable<Buffer>);
  const fill = async (into: Buffer): Promise<number> => {
    const filled = await next(into);
    hash.update(into.subarray(0, filled));
    sizeBytes += filled;
    onBytes?.(sizeBytes);
    return filled;
  };
  try {
    await uploadParts({ client, bucket, key, fill, partBytes });
  } catch (error) {
    source.destroy();
    throw error;
  }
  return { key, sha256: hash.digest('hex'), sizeBytes };
}
