import { text } from 'node:stream/consumers';
import { judgeBackupSet } from '../../checks/backup-set.ts';
import { latestBackupSet, type BackupSetLocation } from '../../recovery/backup-sets.ts';
import { objectClient } from '../../stack/clients.ts';
import { backupBucket } from '../backup-location.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { damaging, type Damage } from './damaging.ts';

/** One store's part of the backup of everything is gone: its manifest is not in the store any more. */
export const backupSetIncomplete: Control = {
  name: 'backup-set-incomplete',
  title: 'One store has no part in the backup of everything',
  expectedCheck: 'backup-set',
  expectedVerdict: 'fail',
  ...damaging('backed-up', removeManifest, async (context) => {
    const { set } = await latestBackupSet(location(context));
    return [judgeBackupSet(set, { maxSkewMs: context.runbook.backup.maxSkewMs })];
  }),
};

function location(context: DrillContext): BackupSetLocation {
  return { store: need(context, 'stack').backups.access, bucket: backupBucket };
}

async function removeManifest(context: DrillContext): Promise<Damage> {
  const { set } = await latestBackupSet(location(context));
  const client = objectClient(need(context, 'stack').backups.access);
  const [store, member] = Object.entries(set.members).at(-1) ?? ['', { manifestKey: '' }];
  const manifest = await text(await client.getObject(backupBucket, member.manifestKey));
  await client.removeObject(backupBucket, member.manifestKey);
  return {
    description: `the manifest of ${store}, ${member.manifestKey}, removed`,
    undo: async () => {
      await client.putObject(backupBucket, member.manifestKey, manifest);
    },
  };
}
