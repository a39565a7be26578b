import type { BackupOptions } from '../recovery/backup-options.ts';
import { backupBucket } from './backup-location.ts';
import { need, type DrillContext } from './context.ts';

/** What every backup of a run shares: the store of the backups, the key it is encrypted to, and the set it belongs to. */
export function backupOptions(context: DrillContext): BackupOptions {
  return {
    store: need(context, 'stack').backups.access,
    bucket: backupBucket,
    recipient: need(context, 'ageRecipient'),
    setId: need(context, 'backupSetId'),
    clock: context.clock,
    progress: context.progress(),
    signal: context.signal,
  };
}
