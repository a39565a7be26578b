import {
  getBucket,
  listBuckets as allBuckets,
  makeBucket as make,
  removeBucket as remove,
  setVersioning,
} from './buckets.ts';
import { S3Error } from './errors.ts';
import { owner, type Operation } from './exchange.ts';
import { refuseHeaders } from './object-headers.ts';
import type { Store } from './store.ts';
import { checkVersionId, deleteObject, deleteVersion } from './versions.ts';
import { childrenOf, parseXml, textOf, type XmlElement } from './xml.ts';

const mostDeletions = 1000;

export const listBuckets: Operation = (store) => {
  const buckets = allBuckets(store).map(
    ({ name, createdMs }) =>
      [
        'Bucket',
        [
          ['Name', name],
          ['CreationDate', new Date(createdMs).toISOString()],
        ],
      ] as const,
  );
  return { xml: ['ListAllMyBucketsResult', [owner, ['Buckets', buckets]]] };
};

/** The region that the body may name is taken as it comes: the store is in every region. */
export const makeBucket: Operation = async (store, { bucket, headers, body }) => {
  refuseHeaders(headers);
  await body.text();
  make(store, bucket);
  return { headers: { location: `/${bucket}` } };
};

export const headBucket: Operation = (store, { bucket }) => {
  getBucket(store, bucket);
  return {};
};

export const removeBucket: Operation = async (store, { bucket, headers }) => {
  refuseHeaders(headers);
  await remove(store, bucket);
  return { status: 204 };
};

/** Empty, which is S3's way of saying us-east-1. */
export const getLocation: Operation = (store, { bucket }) => {
  getBucket(store, bucket);
  return { xml: ['LocationConstraint', ''] };
};

export const getVersioning: Operation = (store, { bucket }) => {
  const { versioning } = getBucket(store, bucket);
  return { xml: ['VersioningConfiguration', versioning === '' ? [] : [['Status', versioning]]] };
};

export const putVersioning: Operation = async (store, { bucket, body }) => {
  const status = textOf(parseXml(await body.text(), 'VersioningConfiguration'), 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('IllegalVersioningConfigurationException');
  setVersioning(store, bucket, status);
  return {};
};

/** No bucket here has Object Lock: asking for it when a bucket is made is refused. */
export const getObjectLock: Operation = (store, { bucket }) => {
  getBucket(store, bucket);
  throw new S3Error('ObjectLockConfigurationNotFoundError');
};

export const deleteObjects: Operation = async (store, { bucket, headers, body }) => {
  const checked = Object.keys(headers).some((name) => name === 'content-md5' || name.startsWith('x-amz-checksum-'));
  if (!checked && headers['x-amz-trailer'] === undefined) throw new S3Error('MissingContentMD5');
  const request = parseXml(await body.text(), 'Delete');
  getBucket(store, bucket);
  const objects = childrenOf(request, 'Object').map((object) => ({
    key: textOf(object, 'Key') ?? '',
    versionId: textOf(object, 'VersionId') ?? '',
  }));
  if (objects.length === 0 || objects.length > mostDeletions || objects.some(({ key }) => key === '')) {
    throw new S3Error('MalformedXML');
  }
  const quiet = textOf(request, 'Quiet')?.trim() === 'true';
  const results: XmlElement[] = [];
  for (const object of objects) {
    const result = await deleteOne(store, bucket, object);
    if (!quiet || result[0] === 'Error') results.push(result);
  }
  return { xml: ['DeleteResult', results] };
};

async function deleteOne(
  store: Store,
  bucket: string,
  { key, versionId }: { key: string; versionId: string },
): Promise<XmlElement> {
  const named: XmlElement[] = [['Key', key], ...(versionId ? [['VersionId', versionId] as const] : [])];
  try {
    const deleted = versionId
      ? await deleteVersion(store, bucket, key, checkVersionId(versionId))
      : await deleteObject(store, bucket, key);
    if (!deleted?.deleteMarker) return ['Deleted', named];
    return ['Deleted', [...named, ['DeleteMarker', true], ['DeleteMarkerVersionId', deleted.versionId]]];
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return ['Error', [...named, ['Code', error.code], ['Message', error.message]]];
  }
}
