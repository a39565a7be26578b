import { validators } from './conditions.ts';
import { S3Error } from './errors.ts';
import type { Version } from './versions.ts';

const keptHeaders = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];

/** Headers that ask for a function of S3 which is not here. An upload that carries one is refused, not half obeyed. */
const refusedHeaders =
  /^x-amz-(server-side-encryption|object-lock-|bucket-object-lock-enabled|website-redirect-location|grant-|copy-source-server-side)|^x-minio-force-delete$/;

/** The headers of an upload that the answers to later requests repeat. */
export function headersToKeep(headers: Record<string, string>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => keptHeaders.includes(name) || name.startsWith('x-amz-meta-'));
  const { 'content-encoding': encoding, ...others } = Object.fromEntries(kept);
  // `aws-chunked` speaks of the transfer, not of the object.
  const codings = (encoding ?? '').split(',').filter((coding) => !['', 'aws-chunked'].includes(coding.trim()));
  return { ...others, ...(codings.length > 0 && { 'content-encoding': codings.join(',').trim() }) };
}

/** Throws `NotImplemented` when a header asks for what the store cannot do. */
export function refuseHeaders(headers: Record<string, string>): void {
  const { 'x-amz-acl': acl = 'private', 'x-amz-storage-class': storageClass = 'STANDARD' } = headers;
  const refused =
    Object.keys(headers).find((name) => refusedHeaders.test(name)) ??
    (['private', 'bucket-owner-full-control'].includes(acl) ? undefined : 'x-amz-acl') ??
    (['STANDARD', 'REDUCED_REDUNDANCY'].includes(storageClass) ? undefined : 'x-amz-storage-class');
  if (refused) throw new S3Error('NotImplemented', `The built-in stand-in does not implement the header ${refused}.`);
}

/** What the answer to a reading request says of a version, its length and range apart. */
export function describeVersion(version: Version, query: URLSearchParams): Record<string, string> {
  const tagCount = Object.keys(version.tags).length;
  const overrides = keptHeaders.flatMap((name) => {
    const value = query.get(`response-${name}`);
    return value === null ? [] : [[name, value] as const];
  });
  return {
    'content-type': 'binary/octet-stream',
    ...version.headers,
    ...validators(version),
    ...versionHeaders(version),
    ...(tagCount > 0 && { 'x-amz-tagging-count': String(tagCount) }),
    ...Object.fromEntries(overrides),
  };
}

/** The version id, and whether it is a delete marker. What was written without versioning has no id to tell. */
export function versionHeaders(
  version: Pick<Version, 'versionId' | 'deleteMarker'> | undefined,
): Record<string, string> {
  return {
    ...(version && version.versionId !== 'null' && { 'x-amz-version-id': version.versionId }),
    ...(version?.deleteMarker && { 'x-amz-delete-marker': 'true' }),
  };
}
