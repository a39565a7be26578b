import { XMLParser } from 'fast-xml-parser';
import type { Client } from 'minio';
import { fetch } from 'undici';
import { DrillError } from '../domain/drill-error.ts';
import { objectStoreError } from './object-store-error.ts';

/** One version of an object, or a delete marker, as the store lists it. */
export interface ObjectVersion {
  versionId: string;
  /** By the store's clock; some stores give whole seconds only. */
  lastModified: Date;
  isDeleteMarker: boolean;
  /** Without quotes; empty for a delete marker. */
  etag: string;
  /** 0 for a delete marker. */
  sizeBytes: number;
}

/** All that the store keeps of a key. */
export interface KeyVersions {
  key: string;
  /** As the store lists them: the newest first. */
  versions: ObjectVersion[];
}

export interface ListVersionsOptions {
  client: Client;
  bucket: string;
  /** Only keys that begin so. */
  prefix?: string;
  /** Entries a page, 1,000 at most. */
  pageEntries?: number;
  signal?: AbortSignal;
}

interface Page {
  entries: { key: string; version: ObjectVersion }[];
  /** Where the next page begins; absent on the last one. */
  next?: { 'key-marker': string; 'version-id-marker'?: string };
}

/**
 * Every version and delete marker of a bucket, key by key in the order of the keys. One page and the versions of one
 * key are in memory at a time. Throws `service-unreachable` when the store refuses.
 *
 * The client's own listing does not serve: it signs a marker that holds a slash wrongly, so that it fails on the second
 * page, and it gives the delete markers of a page behind its versions, so that the order of a key's history is lost.
 * (ListObjectVersions of the S3 API: docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html)
 */
export async function* listKeyVersions(options: ListVersionsOptions): AsyncGenerator<KeyVersions> {
  let current: KeyVersions | undefined;
  let next: Page['next'] | undefined;
  do {
    const page = await readPage(options, next);
    for (const { key, version } of page.entries) {
      if (current?.key === key) {
        current.versions.push(version);
        continue;
      }
      if (current) yield current;
      current = { key, versions: [version] };
    }
    next = page.next;
  } while (next);
  if (current) yield current;
}

/** Throws `backup-missing` when the bucket does not keep versions of what is written now. */
export async function requireVersioning(client: Client, bucket: string): Promise<void> {
  let status: string;
  try {
    const answer: unknown = await client.getBucketVersioning(bucket);
    status =
      typeof answer === 'object' && answer !== null && 'Status' in answer ? String(answer.Status) : 'never enabled';
  } catch (error) {
    throw objectStoreError(error, bucket);
  }
  if (status === 'Enabled') return;
  throw new DrillError({
    code: 'backup-missing',
    service: 'objects',
    what: 'there is nothing to restore from: the bucket does not keep versions',
    expected: 'versioning Enabled',
    actual: status,
    where: bucket,
  });
}

const validityS = 300;

async function readPage(options: ListVersionsOptions, marker: Page['next'] | undefined): Promise<Page> {
  const { client, bucket, prefix = '', pageEntries = 1_000, signal } = options;
  const where = `${bucket}/${prefix}`;
  const query = { versions: '', prefix, 'encoding-type': 'url', 'max-keys': String(pageEntries), ...marker };
  try {
    const url = await client.presignedUrl('GET', bucket, '', validityS, query);
    const response = await fetch(url, signal ? { signal } : {});
    const text = await response.text();
    if (response.status === 200) return pageOf(text, where);
    throw new DrillError({
      code: 'service-unreachable',
      service: 'objects',
      what: 'the object store did not list its versions',
      expected: 'status 200',
      actual: `status ${response.status} ${/<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? ''}`.trimEnd(),
      where,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw objectStoreError(error, where);
  }
}

/** An element by `preserveOrder`: its name with its children, or `#text`. */
type OrderedNode = Record<string, OrderedNode[] | string>;

/** Versions and markers stand mixed, the newest first, so the order of the elements matters. */
const parser = new XMLParser({
  preserveOrder: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  removeNSPrefix: true,
});

function pageOf(xml: string, where: string): Page {
  const document = parser.parse(xml) as OrderedNode[];
  const result = childrenOf(document, 'ListVersionsResult');
  const truncated = result && textOf(result, 'IsTruncated');
  if (result === undefined || truncated === undefined) {
    throw objectStoreError(new Error('the answer is no listing of versions'), where);
  }
  const entries = result.flatMap((node) => {
    const isDeleteMarker = 'DeleteMarker' in node;
    const children = isDeleteMarker ? node['DeleteMarker'] : node['Version'];
    return Array.isArray(children) ? [entryOf(children, isDeleteMarker)] : [];
  });
  if (truncated !== 'true') return { entries };
  const keyMarker = decodeKey(textOf(result, 'NextKeyMarker') ?? '');
  const versionIdMarker = textOf(result, 'NextVersionIdMarker');
  if (keyMarker === '') throw objectStoreError(new Error('the listing does not say where it goes on'), where);
  return {
    entries,
    next: { 'key-marker': keyMarker, ...(versionIdMarker && { 'version-id-marker': versionIdMarker }) },
  };
}

function entryOf(children: OrderedNode[], isDeleteMarker: boolean): Page['entries'][number] {
  const text = (name: string): string => textOf(children, name) ?? '';
  return {
    key: decodeKey(text('Key')),
    version: {
      versionId: text('VersionId'),
      lastModified: new Date(text('LastModified')),
      isDeleteMarker,
      etag: text('ETag').replaceAll(/"|&quot;|&#34;/g, ''),
      sizeBytes: Number(text('Size')),
    },
  };
}

/** Keys come in the encoding of forms, in which a space is a plus (`encoding-type=url`). */
function decodeKey(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function childrenOf(nodes: OrderedNode[], name: string): OrderedNode[] | undefined {
  const children = nodes.find((node) => name in node)?.[name];
  return Array.isArray(children) ? children : undefined;
}

function textOf(nodes: OrderedNode[], name: string): string | undefined {
  const text = childrenOf(nodes, name)?.find((node) => '#text' in node)?.['#text'];
  return typeof text === 'string' ? text : undefined;
}
