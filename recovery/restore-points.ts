import type { BackupManifest, RestorePoint } from '../domain/recovery.ts';
import type { ObjectStoreAccess } from '../domain/service.ts';
import { manifestSuffix, parseManifest } from './backup-manifest.ts';
import { listStoredBackups, noBackupError, type BackupKind, type ListedBackups } from './list-restore-points.ts';

export interface BackupLocation {
  store: ObjectStoreAccess;
  bucket: string;
  /** Default `db/`. */
  prefix?: string;
}

const defaultPrefix = 'db/';
const databaseBackups: BackupKind<BackupManifest> = {
  manifestSuffix,
  parse: parseManifest,
  filesOf: ({ dump, roles }) => [dump, roles],
};

/** All backups of a database in the store that can be restored from; what cannot is listed with the reason. */
export async function listRestorePoints(location: BackupLocation): Promise<ListedBackups<BackupManifest>> {
  return listStoredBackups({ prefix: defaultPrefix, ...location }, databaseBackups);
}

/** The backup that covers the latest instant. Throws `backup-missing`, naming what was rejected, when there is none. */
export async function latestRestorePoint(location: BackupLocation): Promise<RestorePoint> {
  const { restorePoints, rejected } = await listRestorePoints(location);
  const latest = restorePoints[0];
  if (latest) return latest;
  throw noBackupError('there is no backup to restore from', { prefix: defaultPrefix, ...location }, rejected);
}
