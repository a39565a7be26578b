import { checkWrite } from './conditions.ts';
import { S3Error } from './errors.ts';
import { queryNumber, type Operation, type S3Request } from './exchange.ts';
import { abortUpload, completeUpload, getUpload, listParts, putPart, startUpload, type Upload } from './multipart.ts';
import { headersToKeep, refuseHeaders, versionHeaders } from './object-headers.ts';
import { checkSize, keepBytes } from './object-operations.ts';
import type { Store } from './store.ts';
import { tagsOfHeader } from './tags.ts';
import { childrenOf, parseXml, textOf } from './xml.ts';

export const startMultipart: Operation = (store, { bucket, key, headers }) => {
  refuseHeaders(headers);
  const tags = tagsOfHeader(headers['x-amz-tagging']);
  const uploadId = startUpload(store, { bucket, key, headers: headersToKeep(headers), tags });
  return {
    xml: [
      'InitiateMultipartUploadResult',
      [
        ['Bucket', bucket],
        ['Key', key],
        ['UploadId', uploadId],
      ],
    ],
  };
};

export const uploadPart: Operation = async (store, request) => {
  const { body } = request;
  refuseHeaders(request.headers);
  const { upload, number } = uploadOfRequest(store, request);
  const part = await keepBytes(store, checkSize(body).chunks, (file) =>
    putPart(store, upload, number, file, body.md5()),
  );
  return { headers: { etag: `"${part.etag}"` } };
};

export const listMultipartParts: Operation = (store, request) => {
  const { bucket, key, query } = request;
  const upload = getUpload(store, bucket, key, query.get('uploadId') ?? '');
  const marker = queryNumber(query, 'part-number-marker', 0);
  const maxParts = queryNumber(query, 'max-parts', 1000);
  const limit = Math.min(maxParts, 1000);
  const parts = listParts(store, upload, marker, limit + 1);
  const page = parts.slice(0, limit);
  return {
    xml: [
      'ListPartsResult',
      [
        ['Bucket', bucket],
        ['Key', key],
        ['UploadId', upload.uploadId],
        ['StorageClass', 'STANDARD'],
        ['PartNumberMarker', marker],
        ['NextPartNumberMarker', page.at(-1)?.number ?? 0],
        ['MaxParts', maxParts],
        ['IsTruncated', parts.length > limit],
        ...page.map(
          ({ number, modifiedMs, etag, sizeBytes }) =>
            [
              'Part',
              [
                ['PartNumber', number],
                ['LastModified', new Date(modifiedMs).toISOString()],
                ['ETag', `"${etag}"`],
                ['Size', sizeBytes],
              ],
            ] as const,
        ),
      ],
    ],
  };
};

export const completeMultipart: Operation = async (store, { bucket, key, query, headers, body }) => {
  const text = await body.text();
  const upload = getUpload(store, bucket, key, query.get('uploadId') ?? '');
  const named = childrenOf(parseXml(text, 'CompleteMultipartUpload'), 'Part').map((part) => ({
    number: Number(textOf(part, 'PartNumber')),
    etag: (textOf(part, 'ETag') ?? '').trim().replaceAll('"', ''),
  }));
  if (named.length === 0) throw new S3Error('InvalidRequest', 'You must specify at least one part.');
  const version = await completeUpload(store, upload, named, (latest) => checkWrite(headers, latest));
  const location = `http://${headers['host'] ?? ''}/${bucket}/${encodeURI(key)}`;
  return {
    headers: { etag: `"${version.etag}"`, ...versionHeaders(version) },
    xml: [
      'CompleteMultipartUploadResult',
      [
        ['Location', location],
        ['Bucket', bucket],
        ['Key', key],
        ['ETag', `"${version.etag}"`],
      ],
    ],
  };
};

export const abortMultipart: Operation = async (store, { query }) => {
  await abortUpload(store, query.get('uploadId') ?? '');
  return { status: 204 };
};

/** The upload that a part goes to, and the number of the part. */
export function uploadOfRequest(store: Store, { bucket, key, query }: S3Request): { upload: Upload; number: number } {
  const number = Number(query.get('partNumber') ?? Number.NaN);
  if (number > 10_000) {
    throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive.');
  }
  if (!Number.isInteger(number) || number < 1) throw new S3Error('InvalidPart');
  return { upload: getUpload(store, bucket, key, query.get('uploadId') ?? ''), number };
}
