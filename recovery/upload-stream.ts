import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Client } from 'minio';
import type { BackupFile } from '../domain/recovery.ts';

/**
 * Size of one part of an upload; two are in memory at a time. S3 allows 10,000 parts, so a file may have 160 GB. The
 * client's `putObject` would take parts of 525 MB for a stream of unknown length, and waits for ever when the stream
 * fails, so the steps of the upload are called one by one.
 */
const partBytes = 16 * 1024 * 1024;

export interface UploadOptions {
  client: Client;
  bucket: string;
  key: string;
  source: Readable;
  /** Of the object; default: its content type is that of any bytes. */
  headers?: Readonly<Record<string, string>>;
  /** Told of the bytes that were read so far. */
  onBytes?: (sizeBytes: number) => void;
}

/**
 * Streams `source` into one object and gives its size and sha256. The object appears whole or not at all: when the
 * source fails, or the store, the upload is taken back and the error is thrown.
 */
export async function uploadStream(options: UploadOptions): Promise<BackupFile> {
  const { client, bucket, key, source, onBytes } = options;
  const headers = options.headers ?? { 'content-type': 'application/octet-stream' };
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const uploadID = await client.initiateNewMultipartUpload(bucket, key, { ...headers });
  const parts: { part: number; etag: string }[] = [];
  /** The part on its way, while the next one is filled. */
  let sending: Promise<void> = Promise.resolve();
  const send = async (part: number, payload: Buffer): Promise<void> => {
    const length = { 'content-length': payload.length };
    const uploaded = await client.uploadPart(
      { bucketName: bucket, objectName: key, uploadID, partNumber: part, headers: length },
      payload,
    );
    parts.push({ part, etag: uploaded.etag });
  };
  try {
    let part = 0;
    for await (const payload of parted(source)) {
      hash.update(payload);
      sizeBytes += payload.length;
      await sending;
      part += 1;
      sending = send(part, payload);
      // Its failure is met at the next await; until then it is nobody's.
      sending.catch(() => undefined);
      onBytes?.(sizeBytes);
    }
    await sending;
    await client.completeMultipartUpload(bucket, key, uploadID, parts);
  } catch (error) {
    source.destroy();
    // A part that still arrives after the end of its upload would stay behind.
    await sending.catch(() => undefined);
    await client.abortMultipartUpload(bucket, key, uploadID).catch(() => undefined);
    throw error;
  }
  return { key, sha256: hash.digest('hex'), sizeBytes };
}

/** The stream in pieces of `partBytes`, the last one shorter. An empty stream gives one empty piece. */
async function* parted(source: Readable): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let filledBytes = 0;
  let any = false;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let rest = chunk;
    while (filledBytes + rest.length >= partBytes) {
      const head = rest.subarray(0, partBytes - filledBytes);
      yield Buffer.concat([...chunks, head], partBytes);
      any = true;
      rest = rest.subarray(head.length);
      chunks = [];
      filledBytes = 0;
    }
    if (rest.length > 0) chunks.push(rest);
    filledBytes += rest.length;
  }
  if (filledBytes > 0 || !any) yield Buffer.concat(chunks, filledBytes);
}
