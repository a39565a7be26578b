import { getBucket } from './buckets.ts';
import { S3Error } from './errors.ts';
import { owner, queryNumber } from './exchange.ts';
import { listPage, type Entry, type ListedVersion, type ListPage, type ListRequest } from './listing.ts';
import { encodePath } from './signature.ts';
import type { Store } from './store.ts';
import type { XmlElement } from './xml.ts';

export const mostEntries = 1000;

/** What all listings share: their parameters, and how keys are written in the answer. */
export interface Frame {
  prefix: string;
  delimiter: string;
  maxKeys: number;
  /** The text as the answer carries it: percent-encoded when the client asked for that. */
  written(text: string): string;
  /** Elements that repeat the request. */
  echo: XmlElement[];
}

/** Reads the shared parameters; the limit goes by another name when uploads are listed. */
export function frameOf(query: URLSearchParams, limit = 'max-keys', limitElement = 'MaxKeys'): Frame {
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url') {
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request.');
  }
  const written = encoding === 'url' ? encodePath : String;
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const maxKeys = queryNumber(query, limit, mostEntries);
  const echo: XmlElement[] = [
    ['Prefix', written(prefix)],
    [limitElement, maxKeys],
  ];
  if (delimiter !== '') echo.push(['Delimiter', written(delimiter)]);
  if (encoding !== null) echo.push(['EncodingType', encoding]);
  return { prefix, delimiter, maxKeys, written, echo };
}

/** One page, and its elements: first what is listed by itself, then the common prefixes. */
export function list(
  store: Store,
  bucket: string,
  frame: Frame,
  of: ListRequest['of'],
  after: ListRequest['after'],
  withOwner = true,
): { page: ListPage; contents: XmlElement[] } {
  getBucket(store, bucket);
  const { prefix, delimiter, maxKeys } = frame;
  const maxEntries = Math.min(maxKeys, mostEntries);
  const page = listPage(store, { bucket, of, prefix, delimiter, maxEntries, ...(after && { after }) });
  const versions = page.entries.filter((entry) => entry.kind === 'version');
  const prefixes = page.entries.filter((entry) => entry.kind === 'prefix');
  return {
    page,
    contents: [
      ['IsTruncated', page.truncated],
      ...versions.map(({ version }) =>
        of === 'versions' ? describeVersion(version, frame) : describeObject(version, frame, withOwner),
      ),
      ...prefixes.map((entry) => ['CommonPrefixes', [['Prefix', frame.written(entry.prefix)]]] as const),
    ],
  };
}

/** Key or common prefix: where the next page goes on. */
export function nameOf(entry: Entry): string {
  return entry.kind === 'version' ? entry.version.key : entry.prefix;
}

function describeObject(version: ListedVersion, frame: Frame, withOwner: boolean): XmlElement {
  return ['Contents', [...describe(version, frame), ...(withOwner ? [owner] : [])]];
}

function describeVersion(version: ListedVersion, frame: Frame): XmlElement {
  return [
    version.deleteMarker ? 'DeleteMarker' : 'Version',
    [...describe(version, frame), owner, ['IsLatest', version.latest], ['VersionId', version.versionId]],
  ];
}

function describe({ key, modifiedMs, etag, sizeBytes, deleteMarker }: ListedVersion, frame: Frame): XmlElement[] {
  const elements: XmlElement[] = [
    ['Key', frame.written(key)],
    ['LastModified', new Date(modifiedMs).toISOString()],
  ];
  if (deleteMarker) return elements;
  return [...elements, ['ETag', `"${etag}"`], ['Size', sizeBytes], ['StorageClass', 'STANDARD']];
}
