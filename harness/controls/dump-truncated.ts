import { latestSearchRestorePoint } from '../../recovery/search-restore-points.ts';
import { objectClient } from '../../stack/clients.ts';
import { backupBucket } from '../backup-location.ts';
import { need } from '../context.ts';
import type { Control } from '../definition.ts';
import { holdSearchBackup } from '../verifications.ts';
import { copyCut, cutFile } from './cut-file.ts';

/** The last tenth of the newest dump is gone, as after an upload that broke off. */
export const dumpTruncated: Control = {
  name: 'dump-truncated',
  title: 'The last tenth of the dump is missing',
  expectedCheck: 'search-backup.verified',
  expectedVerdict: 'fail',
  async verify(context) {
    const { backups } = need(context, 'stack');
    const location = { store: backups.access, bucket: backupBucket, kind: 'dump' } as const;
    const original = await latestSearchRestorePoint(location);
    const { bucket, manifest } = original;
    const key = `control/${manifest.file.key}`;
    await copyCut(backups.access, bucket, manifest.file, key);
    try {
      const restorePoint = { ...original, manifest: { ...manifest, file: { ...manifest.file, key } } };
      return [(await holdSearchBackup(context, restorePoint)).finding];
    } finally {
      await objectClient(backups.access).removeObject(bucket, key);
    }
  },
  sabotage: {
    at: {
      'backed-up': async (context) => {
        const { backups } = need(context, 'stack');
        const dumps = need(context, 'searchBackups').filter(({ manifest }) => manifest.kind === 'dump');
        const cut: string[] = [];
        for (const { bucket, manifest } of dumps) {
          cut.push(`${manifest.file.key} cut to ${await cutFile(backups.access, bucket, manifest.file)} bytes`);
        }
        return cut.join('; ');
      },
    },
  },
};
