import { getBucket } from './buckets.ts';
import { parseCopyRange } from './byte-range.ts';
import { checkCopySource, checkWrite } from './conditions.ts';
import { S3Error } from './errors.ts';
import { parseTarget, type Operation, type S3Request } from './exchange.ts';
import { uploadOfRequest } from './multipart-operations.ts';
import { putPart } from './multipart.ts';
import { headersToKeep, refuseHeaders, versionHeaders } from './object-headers.ts';
import { findForReading, keepBytes } from './object-operations.ts';
import { byteSource, type ByteSource } from './request-body.ts';
import type { Store } from './store.ts';
import { tagsOfHeader } from './tags.ts';
import { putVersion, type Version } from './versions.ts';

export const copyObject: Operation = async (store, request) => {
  const { bucket, key, headers } = request;
  refuseHeaders(headers);
  getBucket(store, bucket);
  const { source, named } = findSource(store, request);
  const replacesHeaders = replaces(headers['x-amz-metadata-directive'], 'metadata');
  const replacesTags = replaces(headers['x-amz-tagging-directive'], 'tagging');
  if (source.bucket === bucket && source.key === key && !named && !replacesHeaders && !replacesTags) {
    throw new S3Error('InvalidRequest', 'An object is copied to itself only when its metadata or its tags change.');
  }
  const bytes = await readSource(store, source, { first: 0, last: source.sizeBytes - 1 });
  const version = await keepBytes(store, bytes.chunks, (file) =>
    putVersion(
      store,
      {
        bucket,
        key,
        headers: replacesHeaders ? headersToKeep(headers) : source.headers,
        tags: replacesTags ? tagsOfHeader(headers['x-amz-tagging']) : source.tags,
        files: [file],
        etag: bytes.md5(),
      },
      (latest) => checkWrite(headers, latest),
    ),
  );
  return {
    headers: { etag: `"${version.etag}"`, ...versionHeaders(version), ...sourceHeaders(source, named) },
    xml: ['CopyObjectResult', copyResult(version)],
  };
};

export const copyPart: Operation = async (store, request) => {
  const { upload, number } = uploadOfRequest(store, request);
  const { source, named } = findSource(store, request);
  const range = parseCopyRange(request.headers['x-amz-copy-source-range'], source.sizeBytes);
  const bytes = await readSource(store, source, range);
  const part = await keepBytes(store, bytes.chunks, (file) => putPart(store, upload, number, file, bytes.md5()));
  return { headers: sourceHeaders(source, named), xml: ['CopyPartResult', copyResult(part)] };
};

/** The version that `x-amz-copy-source` names, as `/bucket/key?versionId=…`, percent-encoded. */
function findSource(store: Store, { headers }: S3Request): { source: Version; named: boolean } {
  const text = headers['x-amz-copy-source'] ?? '';
  const [path = '', versionId = ''] = text.split('?versionId=');
  const { bucket, key } = parseTarget(path.startsWith('/') ? path : `/${path}`);
  if (bucket === '' || key === '')
    throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key.');
  const source = findForReading(store, { bucket, key, query: new URLSearchParams(versionId && { versionId }) });
  checkCopySource(headers, source);
  return { source, named: versionId !== '' };
}

async function readSource(store: Store, source: Version, range: { first: number; last: number }): Promise<ByteSource> {
  return byteSource(await store.files.read(source.files, range.first, range.last));
}

function replaces(directive: string | undefined, of: string): boolean {
  if (directive === undefined || directive === 'COPY') return false;
  if (directive === 'REPLACE') return true;
  throw new S3Error('InvalidArgument', `Unknown ${of} directive.`);
}

function sourceHeaders(source: Version, named: boolean): Record<string, string> {
  return named && source.versionId !== 'null' ? { 'x-amz-copy-source-version-id': source.versionId } : {};
}

function copyResult({ modifiedMs, etag }: { modifiedMs: number; etag: string }) {
  return [
    ['LastModified', new Date(modifiedMs).toISOString()],
    ['ETag', `"${etag}"`],
  ] as const;
}
