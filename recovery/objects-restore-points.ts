import { text } from 'node:stream/consumers';
import { DrillError } from '../domain/drill-error.ts';
import type { ObjectStoreAccess } from '../domain/service.ts';
import { objectClient } from '../stack/clients.ts';
import { listFolder } from '../stack/list-objects.ts';
import { parseObjectsManifest, type ObjectsRestorePoint } from './objects-manifest.ts';
import { storeError } from './store-error.ts';

const manifestSuffix = '.objects.json';

/** Key of the manifest of a backup of objects. */
export function objectsManifestKey(prefix: string, id: string): string {
  return `${prefix}${id}${manifestSuffix}`;
}

export interface ObjectsBackupLocation {
  store: ObjectStoreAccess;
  bucket: string;
  /** Default `objects/`. */
  prefix?: string;
}

/**
 * Reads one manifest. Throws `backup-missing` when it is not there and `backup-invalid`, with every problem, when it is
 * no manifest of objects.
 */
async function readObjectsRestorePoint(
  { store, bucket, prefix = 'objects/' }: ObjectsBackupLocation,
  manifestKey: string,
): Promise<ObjectsRestorePoint> {
  const where = `${bucket}/${manifestKey}`;
  const client = objectClient(store);
  const json = await client
    .getObject(bucket, manifestKey)
    .then(text)
    .catch((error: unknown) => {
      throw storeError(error, where);
    });
  const parsed = parseObjectsManifest(json);
  if ('manifest' in parsed) return { bucket, prefix, manifestKey, manifest: parsed.manifest };
  throw new DrillError({
    code: 'backup-invalid',
    service: 'backups',
    what: 'the manifest of the objects cannot be used',
    expected: 'a manifest of a backup of objects',
    actual: parsed.problems.slice(0, 5).join('; '),
    where,
  });
}

/**
 * All backups of objects, in no order. A manifest that cannot be read is an error, not passed over. A store that does
 * not answer is `service-unreachable`.
 */
export async function listObjectsRestorePoints(location: ObjectsBackupLocation): Promise<ObjectsRestorePoint[]> {
  const { store, bucket, prefix = 'objects/' } = location;
  // Not the contents, which are in a folder below.
  const listed = await listFolder(objectClient(store), bucket, prefix).catch((error: unknown) => {
    throw storeError(error, `${bucket}/${prefix}`);
  });
  const points: ObjectsRestorePoint[] = [];
  for (const { key } of listed) {
    if (key.endsWith(manifestSuffix)) points.push(await readObjectsRestorePoint(location, key));
  }
  return points;
}

/** The backup of objects that covers the latest instant. Throws `backup-missing` when there is none. */
export async function latestObjectsRestorePoint(location: ObjectsBackupLocation): Promise<ObjectsRestorePoint> {
  const points = await listObjectsRestorePoints(location);
  const latest = points.toSorted((one, other) => (one.manifest.coveredAt < other.manifest.coveredAt ? 1 : -1))[0];
  if (latest) return latest;
  throw new DrillError({
    code: 'backup-missing',
    service: 'backups',
    what: 'there is no backup of objects to restore from',
    expected: 'a manifest',
    actual: 'none',
    where: `${location.bucket}/${location.prefix ?? 'objects/'}`,
  });
}
