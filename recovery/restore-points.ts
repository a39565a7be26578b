import { text } from 'node:stream/consumers';
import { DrillError } from '../domain/drill-error.ts';
import type { RestorePoint } from '../domain/recovery.ts';
import type { ObjectStoreAccess } from '../domain/service.ts';
import { objectClient } from '../stack/clients.ts';
import { listObjects } from '../stack/list-objects.ts';
import { isManifestKey, parseManifest } from './backup-manifest.ts';
import { storeError } from './store-error.ts';

export interface BackupLocation {
  store: ObjectStoreAccess;
  bucket: string;
  /** Default `db/`. */
  prefix?: string;
}

/** A manifest that cannot be restored from, and why. */
export interface RejectedManifest {
  manifestKey: string;
  reason: string;
}

export interface RestorePoints {
  /** By the instant they cover, the newest first. */
  restorePoints: RestorePoint[];
  rejected: RejectedManifest[];
}

/**
 * All backups in the store that can be restored from: a readable manifest whose files are there. What cannot is
 * listed with the reason. Names, listing order and times of objects count for nothing. Whether a file is still what
 * its manifest describes shows when it is read: falling back to an older backup is not decided in silence.
 */
export async function listRestorePoints({ store, bucket, prefix = 'db/' }: BackupLocation): Promise<RestorePoints> {
  const client = objectClient(store);
  const where = `${bucket}/${prefix}`;
  try {
    const keys = new Set((await listObjects(client, bucket, prefix)).map(({ key }) => key));
    const restorePoints: RestorePoint[] = [];
    const rejected: RejectedManifest[] = [];
    for (const manifestKey of [...keys].filter(isManifestKey)) {
      const parsed = parseManifest(await text(await client.getObject(bucket, manifestKey)));
      if ('problems' in parsed) {
        rejected.push({ manifestKey, reason: parsed.problems.slice(0, 5).join('; ') });
        continue;
      }
      const { manifest } = parsed;
      const missing = [manifest.dump, manifest.roles].find(({ key }) => !keys.has(key));
      if (missing === undefined) restorePoints.push({ bucket, manifestKey, manifest });
      else rejected.push({ manifestKey, reason: `${missing.key} is missing` });
    }
    restorePoints.sort((a, b) => coveredMs(b) - coveredMs(a) || a.manifestKey.localeCompare(b.manifestKey, 'en'));
    return { restorePoints, rejected };
  } catch (error) {
    throw storeError(error, where);
  }
}

/** The backup that covers the latest instant. Throws `backup-missing`, naming what was rejected, when there is none. */
export async function latestRestorePoint(location: BackupLocation): Promise<RestorePoint> {
  const { restorePoints, rejected } = await listRestorePoints(location);
  const latest = restorePoints[0];
  if (latest) return latest;
  throw new DrillError({
    code: 'backup-missing',
    service: 'backups',
    what: 'there is no backup to restore from',
    expected: 'a manifest whose files are in the store',
    actual: rejected.length === 0 ? 'no manifest' : `${rejected.length} that cannot be used`,
    where: `${location.bucket}/${location.prefix ?? 'db/'}`,
    ...(rejected.length > 0 && {
      hint: rejected.map(({ manifestKey, reason }) => `${manifestKey}: ${reason}`).join('\n'),
    }),
  });
}

function coveredMs({ manifest }: RestorePoint): number {
  return Date.parse(manifest.coveredAt);
}
