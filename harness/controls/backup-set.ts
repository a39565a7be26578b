import { text } from 'node:stream/consumers';
import { judgeBackupSet } from '../../checks/backup-set.ts';
import { latestBackupSet } from '../../recovery/backup-sets.ts';
import { objectClient } from '../../stack/clients.ts';
import { backupBucket } from '../backup-location.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';

/** One store's part of the backup of everything is gone: its manifest is not in the store any more. */
export const backupSetIncomplete: Control = {
  name: 'backup-set-incomplete',
  title: 'One store has no part in the backup of everything',
  expectedCheck: 'backup-set',
  expectedVerdict: 'fail',
  async verify(context) {
    const removed = await removeManifest(context);
    try {
      const { set } = await latestBackupSet({ store: need(context, 'stack').backups.access, bucket: backupBucket });
      return [judgeBackupSet(set, { maxSkewMs: context.runbook.backup.maxSkewMs })];
    } finally {
      await removed.putBack();
    }
  },
  sabotage: { at: { 'backed-up': async (context) => (await removeManifest(context)).description } },
};

async function removeManifest(context: DrillContext): Promise<{ description: string; putBack(): Promise<void> }> {
  const { access } = need(context, 'stack').backups;
  const client = objectClient(access);
  const { set } = await latestBackupSet({ store: access, bucket: backupBucket });
  const [store, member] = Object.entries(set.members).at(-1) ?? ['', { manifestKey: '' }];
  const manifest = await text(await client.getObject(backupBucket, member.manifestKey));
  await client.removeObject(backupBucket, member.manifestKey);
  return {
    description: `the manifest of ${store}, ${member.manifestKey}, removed`,
    putBack: async () => {
      await client.putObject(backupBucket, member.manifestKey, manifest);
    },
  };
}
