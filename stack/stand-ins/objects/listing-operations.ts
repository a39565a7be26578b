import { S3Error } from './errors.ts';
import type { Operation } from './exchange.ts';
import { frameOf, list, nameOf } from './listing-frame.ts';
import type { XmlElement } from './xml.ts';

/** Tokens begin with letters, since a client may take one that is all digits for a number. */
const tokenMark = 'key:';

/** ListObjects, version 1. As in S3, a marker to go on from is named only with a delimiter; else it is the last key. */
export const listObjects: Operation = (store, { bucket, query }) => {
  const frame = frameOf(query);
  const marker = query.get('marker') ?? '';
  const { page, contents } = list(store, bucket, frame, 'objects', marker === '' ? undefined : { key: marker });
  const last = page.truncated && frame.delimiter !== '' ? page.entries.at(-1) : undefined;
  const markers: XmlElement[] = [['Marker', frame.written(marker)]];
  if (last) markers.push(['NextMarker', frame.written(nameOf(last))]);
  return { xml: ['ListBucketResult', [['Name', bucket], ...markers, ...frame.echo, ...contents]] };
};

export const listObjectsV2: Operation = (store, { bucket, query }) => {
  if (query.has('metadata')) throw new S3Error('NotImplemented', 'Listing with metadata is not part of S3.');
  const frame = frameOf(query);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const after = token === null ? startAfter : keyOfToken(token);
  const withOwner = query.get('fetch-owner') === 'true';
  const { page, contents } = list(
    store,
    bucket,
    frame,
    'objects',
    after === '' ? undefined : { key: after },
    withOwner,
  );
  const last = page.truncated ? page.entries.at(-1) : undefined;
  const markers: XmlElement[] = [['KeyCount', page.entries.length]];
  if (startAfter !== '') markers.push(['StartAfter', frame.written(startAfter)]);
  if (token !== null) markers.push(['ContinuationToken', token]);
  if (last) markers.push(['NextContinuationToken', tokenOf(nameOf(last))]);
  return { xml: ['ListBucketResult', [['Name', bucket], ...markers, ...frame.echo, ...contents]] };
};

export const listVersions: Operation = (store, { bucket, query }) => {
  const frame = frameOf(query);
  const [key, versionId] = [query.get('key-marker') ?? '', query.get('version-id-marker') ?? ''];
  if (versionId !== '' && key === '') {
    throw new S3Error('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
  }
  const after = key === '' ? undefined : { key, ...(versionId !== '' && { versionId }) };
  const { page, contents } = list(store, bucket, frame, 'versions', after);
  const last = page.truncated ? page.entries.at(-1) : undefined;
  const markers: XmlElement[] = [
    ['KeyMarker', frame.written(key)],
    ['VersionIdMarker', versionId],
  ];
  if (last) markers.push(['NextKeyMarker', frame.written(nameOf(last))]);
  if (last?.kind === 'version') markers.push(['NextVersionIdMarker', last.version.versionId]);
  return { xml: ['ListVersionsResult', [['Name', bucket], ...markers, ...frame.echo, ...contents]] };
};

function tokenOf(key: string): string {
  return Buffer.from(tokenMark + key).toString('base64');
}

function keyOfToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (text.startsWith(tokenMark)) return text.slice(tokenMark.length);
  throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect.');
}
