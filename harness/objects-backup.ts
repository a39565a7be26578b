import { judgeLatestBackup } from '../checks/latest-backup.ts';
import type { ObjectsRestorePoint } from '../recovery/objects-manifest.ts';
import { latestObjectsRestorePoint } from '../recovery/objects-restore-points.ts';
import { backupBucket } from './backup-location.ts';
import { need, type DrillContext } from './context.ts';

/** Asks the backup store for the latest backup of the objects, leaves it for later steps and judges that it is the latest. */
export async function findLatestObjectsBackup(context: DrillContext): Promise<ObjectsRestorePoint> {
  const store = need(context, 'stack').backups.access;
  const restorePoint = await latestObjectsRestorePoint({ store, bucket: backupBucket });
  context.state.objectsRestorePoint = restorePoint;
  const { id, coveredAt, counts } = restorePoint.manifest;
  context
    .progress()
    .info(`latest backup of the objects by its manifest: ${id}, covers ${coveredAt}, ${counts.objects} objects`);
  context.judge([judgeLatestBackup(context.state.objectsBackup?.manifest.id, id)]);
  return restorePoint;
}
