import type { ObjectStoreAccess } from '../domain/service.ts';
import { listStoredBackups, noBackupError, type BackupKind, type ListedBackups } from './list-restore-points.ts';
import { parseObjectsManifest, type ObjectsManifest, type ObjectsRestorePoint } from './objects-manifest.ts';

const manifestSuffix = '.objects.json';
const defaultPrefix = 'objects/';
const objectsBackups: BackupKind<ObjectsManifest> = { manifestSuffix, parse: parseObjectsManifest };

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
 * All backups of objects in the store, by the instant they cover, the newest first; with the reason for each manifest that
 * cannot be read. Whether their contents are there shows when they are read. A store that does not answer is
 * `service-unreachable`.
 */
export async function listObjectsRestorePoints(
  location: ObjectsBackupLocation,
): Promise<Pick<ListedBackups<ObjectsManifest>, 'rejected'> & { restorePoints: ObjectsRestorePoint[] }> {
  const place = { prefix: defaultPrefix, ...location };
  const { restorePoints, rejected } = await listStoredBackups(place, objectsBackups);
  return { restorePoints: restorePoints.map((point) => ({ ...point, prefix: place.prefix })), rejected };
}

/** The backup of objects that covers the latest instant. Throws `backup-missing`, naming what was rejected, without one. */
export async function latestObjectsRestorePoint(location: ObjectsBackupLocation): Promise<ObjectsRestorePoint> {
  const { restorePoints, rejected } = await listObjectsRestorePoints(location);
  const latest = restorePoints[0];
  if (latest) return latest;
  const place = { prefix: defaultPrefix, ...location };
  throw noBackupError('there is no backup of objects to restore from', place, rejected);
}
