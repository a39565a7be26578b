import type { Client } from 'minio';

const mebibyte = 1024 * 1024;

/** Most parts that S3 takes for one object. */
const partsMax = 10_000;

export interface UploadPartsOptions {
  client: Client;
  bucket: string;
  key: string;
  /** Fills a buffer from its beginning and gives how far it came; less than its length only at the end. */
  fill: (into: Buffer) => Promise<number>;
  partBytes: number;
  /** Of the object; default: its content type is that of any bytes. */
  headers?: Readonly<Record<string, string>>;
}

/** Size of the parts of an object whose size is known: 8 MiB, and more where 10,000 of these would not do. */
export function partBytesFor(sizeBytes: number): number {
  return Math.max(8 * mebibyte, Math.ceil(sizeBytes / partsMax / mebibyte) * mebibyte);
}

/**
 * Uploads one object in parts: one is on its way while the next one is filled, and these two are all that is in memory.
 * The object appears whole or not at all: when `fill` fails, or the store, the upload is taken back and the error is
 * thrown.
 *
 * The client's `putObject` would take parts of 64 MB, or of 525 MB for a stream of unknown length, and waits for ever
 * when the stream fails, so the steps of the upload are called one by one.
 */
export async function uploadParts(options: UploadPartsOptions): Promise<void> {
  const { client, bucket, key, fill, partBytes } = options;
  const headers = options.headers ?? { 'content-type': 'application/octet-stream' };
  const uploadID = await client.initiateNewMultipartUpload(bucket, key, { ...headers });
  const parts: { part: number; etag: string }[] = [];
  const send = async (part: number, payload: Buffer): Promise<void> => {
    const length = { 'content-length': payload.length };
    const uploaded = await client.uploadPart(
      { bucketName: bucket, objectName: key, uploadID, partNumber: part, headers: length },
      payload,
    );
    parts.push({ part, etag: uploaded.etag });
  };
  /** The part on its way. Its buffer is filled anew only when it has arrived. */
  let sending: Promise<void> = Promise.resolve();
  try {
    let [filling, other] = [Buffer.allocUnsafe(partBytes), Buffer.alloc(0)];
    // An empty object has one empty part.
    for (let part = 1, filled = partBytes; filled === partBytes; part += 1) {
      filled = await fill(filling);
      if (filled === 0 && part > 1) break;
      await sending;
      sending = send(part, filling.subarray(0, filled));
      // Its failure is met at the next await; until then it is nobody's.
      sending.catch(() => undefined);
      [filling, other] = [other.length === 0 ? Buffer.allocUnsafe(partBytes) : other, filling];
    }
    await sending;
    await client.completeMultipartUpload(bucket, key, uploadID, parts);
  } catch (error) {
    // A part that still arrives after the end of its upload would stay behind.
    await sending.catch(() => undefined);
    await client.abortMultipartUpload(bucket, key, uploadID).catch(() => undefined);
    throw error;
  }
}

/** Fills buffers with what comes in pieces of any size. */
export function fillFrom(source: AsyncIterable<Buffer>): (into: Buffer) => Promise<number> {
  const pieces = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return async (into) => {
    let filled = 0;
    while (filled < into.length) {
      if (rest.length === 0) {
        const next = await pieces.next();
        if (next.done) break;
        rest = next.value;
      }
      const taken = rest.copy(into, filled);
      filled += taken;
      rest = rest.subarray(taken);
    }
    return filled;
  };
}
