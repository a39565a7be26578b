import type { BackupSet, BackupSetMember } from '../domain/backup-set.ts';
import type { RestorePoint } from '../domain/recovery.ts';
import type { SearchBackupKind, SearchRestorePoint } from '../domain/search-backup.ts';
import type { ObjectStoreAccess, StoreName } from '../domain/service.ts';
import { noBackupError } from './list-restore-points.ts';
import type { ObjectsRestorePoint } from './objects-manifest.ts';
import { listObjectsRestorePoints } from './objects-restore-points.ts';
import { listRestorePoints } from './restore-points.ts';
import { listSearchRestorePoints } from './search-restore-points.ts';

export interface BackupSetLocation {
  store: ObjectStoreAccess;
  bucket: string;
  /** Which of several backups of the search server counts; default the dump. */
  searchKind?: SearchBackupKind;
}

/** A backup of everything as it lies in the store: the set, and what each of its stores is restored from. */
export interface StoredBackupSet {
  set: BackupSet;
  postgres?: RestorePoint;
  objects?: ObjectsRestorePoint;
  search?: SearchRestorePoint;
}

/**
 * The backup of everything whose newest part covers the latest instant, by the set ids that stand in the manifests
 * themselves. Parts can be missing: whether the set is whole is for the caller to judge, since falling back to an older
 * one is not decided in silence. Of several backups of one store in a set the newest counts. Throws `backup-missing`
 * when no manifest names a set, `service-unreachable` when the store does not answer.
 */
export async function latestBackupSet({
  store,
  bucket,
  searchKind = 'dump',
}: BackupSetLocation): Promise<StoredBackupSet> {
  const location = { store, bucket };
  const [databases, objects, searches] = await Promise.all([
    listRestorePoints(location),
    listObjectsRestorePoints(location),
    listSearchRestorePoints(location),
  ]);
  const latest = newestSet({
    postgres: databases.restorePoints,
    objects: objects.restorePoints,
    search: searches.restorePoints.filter(({ manifest }) => manifest.kind === searchKind),
  });
  if (latest) return latest;
  const rejected = [databases, objects, searches].flatMap((listed) => listed.rejected);
  throw noBackupError(
    'there is no backup of everything to recover from',
    location,
    rejected,
    'manifests that name the set that they are part of',
  );
}

/** Backups of single stores, in any order. */
export interface SingleBackups {
  postgres: readonly RestorePoint[];
  objects: readonly ObjectsRestorePoint[];
  search: readonly SearchRestorePoint[];
}

/** The set whose newest part covers the latest instant; `undefined` when no backup is part of one. */
export function newestSet({ postgres, objects, search }: SingleBackups): StoredBackupSet | undefined {
  const newest = { postgres: bySet(postgres), objects: bySet(objects), search: bySet(search) };
  const ids = new Set(Object.values(newest).flatMap((points) => [...points.keys()]));
  const sets = [...ids].map((id) => assemble(id, newest));
  return sets.toSorted((one, other) => coveredMs(other) - coveredMs(one))[0];
}

interface Point {
  manifestKey: string;
  manifest: { setId?: string | undefined; coveredAt: string };
}

/** The newest point of each set. */
function bySet<T extends Point>(points: readonly T[]): Map<string, T> {
  const newest = new Map<string, T>();
  for (const point of points) {
    const { setId } = point.manifest;
    if (setId === undefined) continue;
    const known = newest.get(setId);
    if (!known || instantMs(point) > instantMs(known)) newest.set(setId, point);
  }
  return newest;
}

function assemble(
  id: string,
  newest: {
    postgres: Map<string, RestorePoint>;
    objects: Map<string, ObjectsRestorePoint>;
    search: Map<string, SearchRestorePoint>;
  },
): StoredBackupSet {
  const [postgres, objects, search] = [newest.postgres.get(id), newest.objects.get(id), newest.search.get(id)];
  const members: Partial<Record<StoreName, BackupSetMember>> = {
    ...(postgres && { postgres: memberOf(postgres) }),
    ...(objects && { objects: memberOf(objects) }),
    ...(search && { search: memberOf(search) }),
  };
  return {
    set: { id, members },
    ...(postgres && { postgres }),
    ...(objects && { objects }),
    ...(search && { search }),
  };
}

function memberOf({ manifestKey, manifest }: Point): BackupSetMember {
  return { setId: manifest.setId ?? '', coveredAt: manifest.coveredAt, manifestKey };
}

function coveredMs({ set }: StoredBackupSet): number {
  return Math.max(...Object.values(set.members).map(({ coveredAt }) => Date.parse(coveredAt)));
}

function instantMs({ manifest }: Point): number {
  return Date.parse(manifest.coveredAt);
}
