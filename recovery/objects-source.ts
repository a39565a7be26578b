import type { IncomingMessage } from 'node:http';
import type { Client } from 'minio';
import type { BucketEntry, ObjectEntry } from './objects-manifest.ts';
import { codeOf } from './store-error.ts';

/** What has to be made again before objects can be put back. */
export async function observeBucket(client: Client, name: string): Promise<BucketEntry> {
  // The client's type does not say that a bucket which never had versions answers with an empty text.
  const versioning = ((await client.getBucketVersioning(name)) as { Status?: string } | '' | undefined) || {};
  const status = versioning.Status;
  return {
    name,
    versioning: status === 'Enabled' || status === 'Suspended' ? status : 'Off',
    objectLock: await hasObjectLock(client, name),
  };
}

async function hasObjectLock(client: Client, name: string): Promise<boolean> {
  try {
    await (client.getObjectLockConfig(name) as unknown as Promise<unknown>);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ObjectLockConfigurationNotFoundError') return false;
    throw error;
  }
}

/** What the headers of an answer say of an object. */
export function describeObject({
  headers,
}: IncomingMessage): Pick<
  ObjectEntry,
  'contentType' | 'headers' | 'userMetadata' | 'retention' | 'legalHold' | 'versionId' | 'etag'
> & { lastModified: Date; sizeBytes: number; tagCount: number } {
  const text = (name: string): string | undefined => headers[name]?.toString();
  const [contentType, versionId] = [text('content-type'), text('x-amz-version-id')];
  const [mode, until] = [text('x-amz-object-lock-mode'), text('x-amz-object-lock-retain-until-date')];
  const pick = (names: string[], cut = 0) =>
    Object.fromEntries(
      names.flatMap((name) => (text(name) === undefined ? [] : [[name.slice(cut), text(name) ?? '']])),
    );
  return {
    sizeBytes: Number(text('content-length')),
    etag: (text('etag') ?? '').replaceAll('"', ''),
    lastModified: new Date(text('last-modified') ?? Number.NaN),
    tagCount: Number(text('x-amz-tagging-count') ?? 0),
    headers: pick(keptHeaders),
    userMetadata: pick(
      Object.keys(headers).filter((name) => name.startsWith(metaPrefix)),
      metaPrefix.length,
    ),
    ...(contentType !== undefined && { contentType }),
    ...(versionId !== undefined && versionId !== 'null' && { versionId }),
    ...(isRetentionMode(mode) && until !== undefined && { retention: { mode, until: new Date(until).toISOString() } }),
    ...(text('x-amz-object-lock-legal-hold') === 'ON' && { legalHold: true as const }),
  };
}

const metaPrefix = 'x-amz-meta-';
const keptHeaders = ['cache-control', 'content-encoding', 'content-disposition', 'content-language'];

function isRetentionMode(mode: string | undefined): mode is 'GOVERNANCE' | 'COMPLIANCE' {
  return mode === 'GOVERNANCE' || mode === 'COMPLIANCE';
}

/** Headers that give an object its content type, headers and metadata again. */
export function headersOf({ contentType, headers, userMetadata }: ObjectEntry): Record<string, string> {
  const metadata = Object.entries(userMetadata).map(([name, value]) => [`${metaPrefix}${name}`, value]);
  return {
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...headers,
    ...Object.fromEntries(metadata),
  };
}

/** Tags of an object, or of one of its versions. */
export async function readTags(client: Client, bucket: string, key: string, versionId?: string) {
  const tags = await client.getObjectTagging(bucket, key, versionId === undefined ? {} : { versionId });
  // The client nests the tags in one more list than its type says.
  return Object.fromEntries(tags.flat().map(({ Key, Value }) => [Key, Value]));
}
