import { buffer } from 'node:stream/consumers';
import { contentKey } from '../../recovery/objects-contents.ts';
import { objectClient } from '../../stack/clients.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { drawn } from '../draw.ts';
import { holdObjectsBackup } from '../verifications.ts';
import { damaging, nothingToDamage, type Damage } from './damaging.ts';

/** The content of one object is gone from the store of the backups; its manifest still names it. */
export const objectMissingInBackup: Control = {
  name: 'object-missing-in-backup',
  title: 'The bytes of one object are missing in the backup',
  expectedCheck: 'backup.objects',
  expectedVerdict: 'fail',
  ...damaging('backed-up', (context) => damageContent(context, () => undefined), judgeBackup),
};

/** One byte of a content is another one; its size is as before. */
export const backupObjectCorrupted: Control = {
  name: 'backup-object-corrupted',
  title: 'One byte of the backup of an object is changed',
  expectedCheck: 'backup.objects',
  expectedVerdict: 'fail',
  ...damaging('backed-up', (context) => damageContent(context, withOneByteChanged), judgeBackup),
};

async function judgeBackup(context: DrillContext) {
  return [await holdObjectsBackup(context, need(context, 'objectsBackup'))];
}

/** Puts another content in the place of an object's, which the seed draws, or none; the original is kept in memory and put back. */
async function damageContent(context: DrillContext, change: (sealed: Buffer) => Buffer | undefined): Promise<Damage> {
  const { bucket, prefix, manifest } = need(context, 'objectsBackup');
  const whole = manifest.entries.filter(({ sizeBytes }) => sizeBytes > 0);
  const victim = drawn(context, whole, 'object of the backup');
  if (!victim) throw nothingToDamage('an object with bytes in the backup');
  const client = objectClient(need(context, 'stack').backups.access);
  const key = contentKey(prefix, manifest.recipient, victim.sha256);
  const original = await client.getObject(bucket, key).then(buffer);
  const changed = change(original);
  if (changed) await client.putObject(bucket, key, changed, changed.length);
  else await client.removeObject(bucket, key);
  return {
    description: `content of ${victim.bucket}/${victim.key} ${changed ? 'changed in one byte' : 'removed'} in the backup`,
    undo: async () => {
      await client.putObject(bucket, key, original, original.length);
    },
  };
}

/** Near its end, where the encrypted bytes are and not the header. */
function withOneByteChanged(sealed: Buffer): Buffer {
  const changed = Buffer.from(sealed);
  const at = changed.length - 20;
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  return changed;
}
