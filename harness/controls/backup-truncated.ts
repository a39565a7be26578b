import type { RestorePoint } from '../../domain/recovery.ts';
import type { ObjectStoreAccess } from '../../domain/service.ts';
import { uploadStream } from '../../recovery/upload-stream.ts';
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
    await copyCut(backups.access, original, key);
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
    at: {
      'backed-up': async (context) => {
        const restorePoint = need(context, 'databaseBackup');
        const { key } = restorePoint.manifest.dump;
        const keptBytes = await cut(need(context, 'stack').backups.access, restorePoint);
        return `${key} cut to ${keptBytes} bytes`;
      },
    },
  },
};

/** Writes the first nine tenths of the dump under another key, in parts; gives their size. */
async function copyCut(access: ObjectStoreAccess, { bucket, manifest }: RestorePoint, key: string): Promise<number> {
  const client = objectClient(access);
  const keptBytes = Math.floor(manifest.dump.sizeBytes * 0.9);
  const source = await client.getPartialObject(bucket, manifest.dump.key, 0, keptBytes);
  await uploadStream({ client, bucket, key, source });
  return keptBytes;
}

/** Puts the first nine tenths of the dump in its place; gives their size. */
async function cut(access: ObjectStoreAccess, restorePoint: RestorePoint): Promise<number> {
  const client = objectClient(access);
  const { bucket, manifest } = restorePoint;
  const temporary = `${manifest.dump.key}.cut`;
  const keptBytes = await copyCut(access, restorePoint, temporary);
  await client.copyObject(bucket, manifest.dump.key, `/${bucket}/${temporary}`);
  await client.removeObject(bucket, temporary);
  return keptBytes;
}
