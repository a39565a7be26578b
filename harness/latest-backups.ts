import { judgeLatestBackup } from '../checks/latest-backup.ts';
import type { Finding } from '../domain/finding.ts';
import type { RestorePoint } from '../domain/recovery.ts';
import type { SearchBackupManifest } from '../domain/search-backup.ts';
import { latestRestorePoint } from '../recovery/restore-points.ts';
import { backupBucket } from './backup-location.ts';
import { need, type DrillContext } from './context.ts';

/** Asks the backup store for the latest backup of the database, leaves it for later steps and judges that it is the latest. */
export async function findLatestDatabaseBackup(context: DrillContext): Promise<RestorePoint> {
  const restorePoint = await latestRestorePoint({
    store: need(context, 'stack').backups.access,
    bucket: backupBucket,
  });
  context.state.restorePoint = restorePoint;
  const { id, coveredAt, dump } = restorePoint.manifest;
  context.progress().info(`latest backup by its manifest: ${id}, covers ${coveredAt}, ${dump.sizeBytes} bytes`);
  context.judge([judgeLatestBackup(newestTaken(context, 'database dump'), id)]);
  return restorePoint;
}

/** Judges that a backup of the search server which was found in the store is the newest of its kind. */
export function judgeLatestSearchBackup(context: DrillContext, { kind, id }: SearchBackupManifest): Finding {
  return judgeLatestBackup(newestTaken(context, `search ${kind}`), id);
}

/** Id of the newest backup of a kind that the run itself has taken. */
function newestTaken({ record }: DrillContext, kind: string): string | undefined {
  return record.backups?.findLast((backup) => backup.kind === kind)?.id;
}
