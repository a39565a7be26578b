import { judgeDatabaseBackup } from '../../checks/database-backup.ts';
import { verifyBackup } from '../../recovery/verify-backup.ts';
import { objectClient } from '../../stack/clients.ts';
import { need } from '../context.ts';
import type { Control } from '../definition.ts';
import { copyCut, cutFile } from './cut-file.ts';

/** The last tenth of the backup is gone, as after an upload that broke off. */
export const backupTruncated: Control = {
  name: 'backup-truncated',
  title: 'The last tenth of the backup is missing',
  expectedCheck: 'backup.verified',
  expectedVerdict: 'fail',
  async verify(context) {
    const { backups } = need(context, 'stack');
    const original = need(context, 'restorePoint');
    const key = `control/${original.manifest.dump.key}`;
    await copyCut(backups.access, original.bucket, original.manifest.dump, key);
    try {
      const restorePoint = {
        ...original,
        manifest: { ...original.manifest, dump: { ...original.manifest.dump, key } },
      };
      const observation = await verifyBackup({
        restorePoint,
        store: backups.access,
        identity: need(context, 'ageIdentity'),
        server: need(context, 'database'),
        signal: context.signal,
      });
      return [judgeDatabaseBackup(restorePoint, observation)];
    } finally {
      await objectClient(backups.access).removeObject(original.bucket, key);
    }
  },
  sabotage: {
    at: {
      'backed-up': async (context) => {
        const { bucket, manifest } = need(context, 'databaseBackup');
        const keptBytes = await cutFile(need(context, 'stack').backups.access, bucket, manifest.dump);
        return `${manifest.dump.key} cut to ${keptBytes} bytes`;
      },
    },
  },
};
