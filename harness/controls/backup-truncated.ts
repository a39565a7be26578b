import type { RestorePoint } from '../../domain/recovery.ts';
import type { ObjectStoreAccess } from '../../domain/service.ts';
import { verifyBackup } from '../../recovery/verify-backup.ts';
import { objectClient } from '../../stack/clients.ts';
import { need } from '../context.ts';
import type { Control } from '../definition.ts';

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
    await truncate(backups.access, original, key);
    try {
      const { findings } = await verifyBackup({
        restorePoint: {
          ...original,
          manifest: { ...original.manifest, dump: { ...original.manifest.dump, key } },
        },
        store: backups.access,
        identity: need(context, 'ageIdentity'),
        server: need(context, 'database'),
        signal: context.signal,
      });
      return findings;
    } finally {
      await objectClient(backups.access).removeObject(original.bucket, key);
    }
  },
  sabotage: {
    async damageBackup(context) {
      const restorePoint = need(context, 'restorePoint');
      const { key } = restorePoint.manifest.dump;
      const keptBytes = await truncate(need(context, 'stack').backups.access, restorePoint, key);
      return `${key} cut to ${keptBytes} bytes`;
    },
  },
};

/** Writes the first nine tenths of the dump under `key`; gives their size. */
async function truncate(access: ObjectStoreAccess, { bucket, manifest }: RestorePoint, key: string): Promise<number> {
  const client = objectClient(access);
  const keptBytes = Math.floor(manifest.dump.sizeBytes * 0.9);
  // The copy is read whole before it is written, since source and target may be the same object; a part is kept on a
  // temporary key so that nothing large is in memory.
  const temporary = `${key}.cut`;
  await client.putObject(
    bucket,
    temporary,
    await client.getPartialObject(bucket, manifest.dump.key, 0, keptBytes),
    keptBytes,
  );
  await client.putObject(bucket, key, await client.getObject(bucket, temporary), keptBytes);
  await client.removeObject(bucket, temporary);
  return keptBytes;
}
