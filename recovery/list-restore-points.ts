import { text } from 'node:stream/consumers';
import { DrillError } from '../domain/drill-error.ts';
import type { BackupFile } from '../domain/recovery.ts';
import type { ObjectStoreAccess } from '../domain/service.ts';
import { objectClient } from '../stack/clients.ts';
import { listFolder, listObjects } from '../stack/list-objects.ts';
import type { Parsed } from './parse-manifest.ts';
import { storeError } from './store-error.ts';

/** A manifest that cannot be restored from, and why. */
export interface RejectedManifest {
  manifestKey: string;
  reason: string;
}

/** A backup in the store, whatever was backed up. */
export interface StoredBackup<Manifest> {
  bucket: string;
  manifestKey: string;
  manifest: Manifest;
}

export interface ListedBackups<Manifest> {
  /** By the instant they cover, the newest first. */
  restorePoints: StoredBackup<Manifest>[];
  rejected: RejectedManifest[];
}

export interface BackupPlace {
  store: ObjectStoreAccess;
  bucket: string;
  prefix: string;
}

/** One kind of backup: how its manifests are found and read, and the files that one names. */
export interface BackupKind<Manifest> {
  /** How the keys of its manifests end. */
  manifestSuffix: string;
  parse: (text: string) => Parsed<Manifest>;
  /** Of one that keeps its contents in a folder below, too many to be listed for this: none. */
  filesOf?: (manifest: Manifest) => readonly BackupFile[];
}

/**
 * All backups of a kind under a prefix that can be restored from: a readable manifest whose files are there. What cannot
 * is listed with the reason. Names, listing order and times of objects count for nothing. Whether a file is still what
 * its manifest describes shows when it is read: falling back to an older backup is not decided in silence.
 */
export async function listStoredBackups<Manifest extends { coveredAt: string }>(
  { store, bucket, prefix }: BackupPlace,
  { manifestSuffix, parse, filesOf }: BackupKind<Manifest>,
): Promise<ListedBackups<Manifest>> {
  const client = objectClient(store);
  const restorePoints: StoredBackup<Manifest>[] = [];
  const rejected: RejectedManifest[] = [];
  try {
    const listed = await (filesOf ? listObjects : listFolder)(client, bucket, prefix);
    const keys = new Set(listed.map(({ key }) => key));
    for (const manifestKey of [...keys].filter((key) => key.endsWith(manifestSuffix))) {
      const parsed = parse(await text(await client.getObject(bucket, manifestKey)));
      if ('problems' in parsed) {
        rejected.push({ manifestKey, reason: parsed.problems.slice(0, 5).join('; ') });
        continue;
      }
      const { manifest } = parsed;
      const missing = filesOf?.(manifest).find(({ key }) => !keys.has(key));
      if (missing === undefined) restorePoints.push({ bucket, manifestKey, manifest });
      else rejected.push({ manifestKey, reason: `${missing.key} is missing` });
    }
  } catch (error) {
    throw storeError(error, `${bucket}/${prefix}`);
  }
  return { restorePoints: newestFirst(restorePoints), rejected };
}

/** By the instant that each covers, the newest first; of the same instant by their names. */
export function newestFirst<Backup extends Pick<StoredBackup<{ coveredAt: string }>, 'manifestKey' | 'manifest'>>(
  backups: readonly Backup[],
): Backup[] {
  return backups.toSorted((a, b) => coveredMs(b) - coveredMs(a) || a.manifestKey.localeCompare(b.manifestKey, 'en'));
}

/** `backup-missing`, naming what was rejected. */
export function noBackupError(
  what: string,
  { bucket, prefix = '' }: Pick<BackupPlace, 'bucket'> & { prefix?: string },
  rejected: readonly RejectedManifest[],
  expected = 'a manifest whose files are in the store',
): DrillError {
  return new DrillError({
    code: 'backup-missing',
    service: 'backups',
    what,
    expected,
    actual: rejected.length === 0 ? 'none' : `${rejected.length} that cannot be used`,
    where: `${bucket}/${prefix}`,
    ...(rejected.length > 0 && {
      hint: rejected.map(({ manifestKey, reason }) => `${manifestKey}: ${reason}`).join('\n'),
    }),
  });
}

function coveredMs({ manifest }: { manifest: { coveredAt: string } }): number {
  return Date.parse(manifest.coveredAt);
}
