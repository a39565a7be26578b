import {
  judgeObjectsBackupComplete,
  judgeObjectsIncrement,
  type ObjectsBackupCompleteness,
} from '../../checks/objects-backup.ts';
import { backupObjects } from '../../recovery/backup-objects.ts';
import type { ObjectEntry, ObjectsManifest, ObjectsRestorePoint } from '../../recovery/objects-manifest.ts';
import { backupOptions } from '../backup-options.ts';
import { need, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { objectName, objectRows, objectsOf, sha256ByName } from '../object-rows.ts';
import { recordBackup } from '../record-backup.ts';
import { furtherWrites } from '../further-writes.ts';
import { holdObjectsBackup } from '../verifications.ts';

/** Every bucket of the system, encrypted, each content once; then every content is read back and the rows are asked. */
export const backUpObjects: DrillStep = {
  name: 'back-up-objects',
  title: 'Back up the objects and verify the backup',
  phase: 'backup',
  execute: (context) => takeBackup(context, 'objects'),
};

/** Once more after further writes: only what is new or changed is read and written. */
export const backUpObjectsAgain: DrillStep = {
  name: 'back-up-objects-again',
  title: 'Back up the objects again after more writes: only what is new',
  phase: 'backup',
  async execute(context) {
    const { bucket, manifestKey, manifest: previous } = need(context, 'objectsBackup');
    context.state.earlierBackups = [{ bucket, manifestKey }];
    await furtherWrites(context, {
      stores: ['objects'],
      withinMs: 20_000,
      otherwise: 'nothing is written into the object store, so a second backup would show nothing',
    });
    await takeBackup(context, 'objects, incremental', previous);
  },
};

async function takeBackup(context: DrillContext, kind: string, previous?: ObjectsManifest): Promise<void> {
  const rowsBefore = await rowsNow(context);
  const restorePoint = await saveObjects(context, { kind, ...(previous && { previous }) });
  const { manifest } = restorePoint;
  const { counts } = manifest;
  const written = `${counts.contentsWritten} contents written, ${counts.writtenBytes.toLocaleString('en')} bytes, encrypted`;
  context.progress().info(`${counts.objects.toLocaleString('en')} objects, ${counts.objectsRead} read, ${written}`);
  const readBack = await holdObjectsBackup(context, restorePoint);
  context.state.objectsBackup = restorePoint;
  context.judge([
    readBack,
    judgeObjectsBackupComplete(await completeness(context, rowsBefore, manifest)),
    ...(previous ? [judgeObjectsIncrement({ ...counts, unchanged: unchangedSince(previous, manifest) })] : []),
  ]);
}

/** Backs the objects up and keeps that in the record; `earlier` than the backup that the drill is about. */
export async function saveObjects(
  context: DrillContext,
  { kind = 'objects', previous, earlier }: { kind?: string; previous?: ObjectsManifest; earlier?: true } = {},
): Promise<ObjectsRestorePoint> {
  const restorePoint = await backupObjects({
    source: need(context, 'objects').access,
    buckets: objectsOf(context.system).buckets,
    folder: need(context, 'stack').folder,
    ...(previous && { previous }),
    ...backupOptions(context),
  });
  const { id, coveredAt, durationMs, setId, counts } = restorePoint.manifest;
  recordBackup(context, {
    store: 'objects',
    kind,
    id,
    ...(setId !== undefined && { setId }),
    coveredAt,
    durationMs,
    sizeBytes: counts.writtenBytes,
    items: counts.objects,
    itemUnit: 'objects',
    ...(earlier && { earlier }),
  });
  return restorePoint;
}

async function rowsNow(context: DrillContext): Promise<Map<string, string>> {
  const rows = new Map<string, string>();
  for await (const row of objectRows(context)) rows.set(objectName(row), row.sha256);
  return rows;
}

/** Only rows that said the same before and after the backup are held against it; others may have changed beside it. */
async function completeness(
  context: DrillContext,
  before: ReadonlyMap<string, string>,
  manifest: ObjectsManifest,
): Promise<ObjectsBackupCompleteness> {
  const inBackup = sha256ByName(manifest);
  const notCovered: string[] = [];
  let rows = 0;
  for await (const row of objectRows(context)) {
    const name = objectName(row);
    if (before.get(name) !== row.sha256) continue;
    rows += 1;
    if (inBackup.get(name) !== row.sha256) notCovered.push(name);
  }
  return { objects: manifest.entries.length, skipped: manifest.skipped, rows, notCovered };
}

function unchangedSince(previous: ObjectsManifest, { entries }: ObjectsManifest): number {
  const stateOf = ({ etag, sizeBytes, lastModified, versionId = '' }: ObjectEntry): string =>
    `${etag} ${sizeBytes} ${lastModified} ${versionId}`;
  const before = new Map(previous.entries.map((entry) => [objectName(entry), stateOf(entry)]));
  return entries.filter((entry) => before.get(objectName(entry)) === stateOf(entry)).length;
}
