import type { SearchBackupKind, SearchBackupManifest, SearchRestorePoint } from '../domain/search-backup.ts';
import { manifestSuffix } from './backup-manifest.ts';
import { listStoredBackups, noBackupError, type BackupKind, type ListedBackups } from './list-restore-points.ts';
import type { BackupLocation } from './restore-points.ts';
import { parseSearchManifest } from './search-manifest.ts';

const defaultPrefix = 'search/';
const searchBackups: BackupKind<SearchBackupManifest> = {
  manifestSuffix,
  parse: parseSearchManifest,
  filesOf: ({ file, keySecrets }) => [file, keySecrets],
};

/**
 * All backups of search servers in the store that can be restored from, by the instant they cover, the newest first;
 * with the reason for each that cannot. The default prefix is `search/`.
 */
export async function listSearchRestorePoints(location: BackupLocation): Promise<ListedBackups<SearchBackupManifest>> {
  return listStoredBackups({ prefix: defaultPrefix, ...location }, searchBackups);
}

/** The newest backup, of a kind where one is named. Throws `backup-missing`, naming what was rejected, without one. */
export async function latestSearchRestorePoint(
  location: BackupLocation & { kind?: SearchBackupKind },
): Promise<SearchRestorePoint> {
  const { restorePoints, rejected } = await listSearchRestorePoints(location);
  const latest = restorePoints.find(({ manifest }) => location.kind === undefined || manifest.kind === location.kind);
  if (latest) return latest;
  const what = `there is no ${location.kind ?? 'backup'} of the search server to restore from`;
  throw noBackupError(what, { prefix: defaultPrefix, ...location }, rejected);
}
