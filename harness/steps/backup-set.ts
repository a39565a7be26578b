import { judgeBackupSet } from '../../checks/backup-set.ts';
import { judgeLatestBackup } from '../../checks/latest-backup.ts';
import { skewOf } from '../../domain/backup-set.ts';
import { latestBackupSet, type StoredBackupSet } from '../../recovery/backup-sets.ts';
import { backupBucket } from '../backup-location.ts';
import { need, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';

/** The backups of the single stores are one set: whole, of one id, and close in time. */
export const backupSetWhole: DrillStep = {
  name: 'backup-set',
  title: 'The backups of all stores are one set',
  phase: 'backup',
  async execute(context) {
    const found = await findBackupSet(context);
    const skew = skewOf(found.set);
    if (skew) context.record.backupSet = { id: found.set.id, ...skew };
  },
};

/** Asks the backup store for the newest set, and judges that it is whole and close in time. */
export async function findBackupSet(context: DrillContext): Promise<StoredBackupSet> {
  const { store, bucket } = { store: need(context, 'stack').backups.access, bucket: backupBucket };
  const found = await latestBackupSet({ store, bucket });
  const finding = judgeBackupSet(found.set, { maxSkewMs: context.runbook.backup.maxSkewMs });
  // The set that the newest backups were taken as; an older one is a set too.
  context.judge([finding, judgeLatestBackup(need(context, 'backupSetId'), found.set.id)]);
  context.progress().info(finding.actual);
  return found;
}
