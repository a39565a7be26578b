import { getBucket } from './buckets.ts';
import { parseRange, partRange } from './byte-range.ts';
import type { Stretch } from './byte-files.ts';
import { checkRead, checkWrite, validators } from './conditions.ts';
import { S3Error } from './errors.ts';
import type { Operation, S3Request } from './exchange.ts';
import { describeVersion, headersToKeep, refuseHeaders, versionHeaders } from './object-headers.ts';
import type { RequestBody } from './request-body.ts';
import type { Store } from './store.ts';
import { tagsOfHeader } from './tags.ts';
import {
  checkVersionId,
  deleteObject as hideObject,
  deleteVersion,
  findLatest,
  findVersion,
  putVersion,
  type Version,
} from './versions.ts';

const largestUploadBytes = 5 * 1024 ** 3;

export const putObject: Operation = async (store, { bucket, key, headers, body }) => {
  refuseHeaders(headers);
  getBucket(store, bucket);
  const tags = tagsOfHeader(headers['x-amz-tagging']);
  const latest = findLatest(store, bucket, key);
  checkWrite(headers, latest?.deleteMarker ? undefined : latest);
  const version = await keepBytes(store, checkSize(body).chunks, (bytes) =>
    putVersion(
      store,
      { bucket, key, headers: headersToKeep(headers), tags, files: [bytes], etag: body.md5() },
      // The object may have changed while the bytes came in.
      (now) => checkWrite(headers, now),
    ),
  );
  return { headers: { etag: `"${version.etag}"`, ...versionHeaders(version) } };
};

export const getObject: Operation = async (store, request) => {
  const { method, headers, query } = request;
  const version = findForReading(store, request);
  if (checkRead(headers, version) === 'unmodified') {
    return { status: 304, headers: { ...validators(version), ...versionHeaders(version) } };
  }
  const partNumber = query.get('partNumber');
  const range = partNumber ? partRange(version.files, partNumber) : parseRange(headers['range'], version.sizeBytes);
  const { first, last } = range ?? { first: 0, last: version.sizeBytes - 1 };
  const answerHeaders = {
    ...describeVersion(version, query),
    'accept-ranges': 'bytes',
    'content-length': String(last - first + 1),
    ...(partNumber && { 'x-amz-mp-parts-count': String(version.files.length) }),
    ...(range && { 'content-range': `bytes ${first}-${last}/${version.sizeBytes}` }),
  };
  const status = range ? 206 : 200;
  if (method === 'HEAD' || version.sizeBytes === 0) return { status, headers: answerHeaders };
  return { status, headers: answerHeaders, stream: await store.files.read(version.files, first, last) };
};

export const deleteObject: Operation = async (store, { bucket, key, query, headers }) => {
  refuseHeaders(headers);
  const versionId = query.get('versionId');
  const deleted = versionId
    ? await deleteVersion(store, bucket, key, checkVersionId(versionId))
    : await hideObject(store, bucket, key);
  return { status: 204, headers: versionHeaders(deleted) };
};

/**
 * The version that a request means: the one it names, or the latest. Throws `NoSuchVersion` or `NoSuchKey`; a delete
 * marker is no object (`NoSuchKey`), and asked for by its id it cannot be read (`MethodNotAllowed`).
 */
export function findForReading(
  store: Store,
  { bucket, key, query }: Pick<S3Request, 'bucket' | 'key' | 'query'>,
): Version {
  getBucket(store, bucket);
  const versionId = query.get('versionId');
  const version = versionId
    ? findVersion(store, bucket, key, checkVersionId(versionId))
    : findLatest(store, bucket, key);
  if (!version) throw new S3Error(versionId ? 'NoSuchVersion' : 'NoSuchKey');
  if (version.deleteMarker) {
    throw new S3Error(versionId ? 'MethodNotAllowed' : 'NoSuchKey', undefined, versionHeaders(version));
  }
  return version;
}

/** Writes bytes, then lets `commit` make them known; when either fails, the bytes are gone again. */
export async function keepBytes<T>(
  store: Store,
  chunks: AsyncIterable<Buffer>,
  commit: (bytes: Stretch) => Promise<T>,
): Promise<T> {
  const bytes = await store.files.write(chunks);
  try {
    return await commit(bytes);
  } catch (error) {
    await store.files.remove([bytes]);
    throw error;
  }
}

/** A body of known length that one upload may have. */
export function checkSize(body: RequestBody): RequestBody {
  if (body.sizeBytes === undefined) throw new S3Error('MissingContentLength');
  if (body.sizeBytes > largestUploadBytes) throw new S3Error('EntityTooLarge');
  return body;
}
