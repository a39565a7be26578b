import { text } from 'node:stream/consumers';
import type { SearchBackupKind, SearchRestorePoint } from '../domain/search-backup.ts';
import { DrillError } from '../domain/drill-error.ts';
import { objectClient } from '../stack/clients.ts';
import { listObjects } from '../stack/list-objects.ts';
import { isManifestKey } from './backup-manifest.ts';
import type { BackupLocation, RejectedManifest } from './restore-points.ts';
import { parseSearchManifest } from './search-manifest.ts';
import { storeError } from './store-error.ts';

const defaultPrefix = 'search/';

/**
 * All backups of search servers in the store that can be restored from, by the instant they cover, the newest first;
 * with the reason for each that cannot. The default prefix is `search/`.
 */
export async function listSearchRestorePoints(
  location: BackupLocation,
): Promise<{ restorePoints: SearchRestorePoint[]; rejected: RejectedManifest[] }> {
  const { store, bucket, prefix = defaultPrefix } = location;
  const client = objectClient(store);
  const restorePoints: SearchRestorePoint[] = [];
  const rejected: RejectedManifest[] = [];
  try {
    const keys = new Set((await listObjects(client, bucket, prefix)).map(({ key }) => key));
    for (const manifestKey of [...keys].filter(isManifestKey)) {
      const parsed = parseSearchManifest(await text(await client.getObject(bucket, manifestKey)));
      if ('problems' in parsed) {
        rejected.push({ manifestKey, reason: parsed.problems.slice(0, 5).join('; ') });
        continue;
      }
      const { file, keySecrets } = parsed.manifest;
      const missing = [file, keySecrets].find(({ key }) => !keys.has(key));
      if (missing === undefined) restorePoints.push({ bucket, manifestKey, manifest: parsed.manifest });
      else rejected.push({ manifestKey, reason: `${missing.key} is missing` });
    }
  } catch (error) {
    throw storeError(error, `${bucket}/${prefix}`);
  }
  restorePoints.sort((a, b) => coveredMs(b) - coveredMs(a) || a.manifestKey.localeCompare(b.manifestKey, 'en'));
  return { restorePoints, rejected };
}

/** The newest backup, of a kind where one is named. Throws `backup-missing`, naming what was rejected, without one. */
export async function latestSearchRestorePoint(
  location: BackupLocation & { kind?: SearchBackupKind },
): Promise<SearchRestorePoint> {
  const { restorePoints, rejected } = await listSearchRestorePoints(location);
  const latest = restorePoints.find(({ manifest }) => location.kind === undefined || manifest.kind === location.kind);
  if (latest) return latest;
  throw new DrillError({
    code: 'backup-missing',
    service: 'backups',
    what: `there is no ${location.kind ?? 'backup'} of the search server to restore from`,
    expected: 'a manifest whose files are in the store',
    actual: rejected.length === 0 ? 'no manifest' : `${rejected.length} that cannot be used`,
    where: `${location.bucket}/${location.prefix ?? defaultPrefix}`,
    ...(rejected.length > 0 && {
      hint: rejected.map(({ manifestKey, reason }) => `${manifestKey}: ${reason}`).join('\n'),
    }),
  });
}

function coveredMs({ manifest }: SearchRestorePoint): number {
  return Date.parse(manifest.coveredAt);
}
