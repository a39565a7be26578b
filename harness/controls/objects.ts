import { buffer } from 'node:stream/consumers';
import { DrillError } from '../../domain/drill-error.ts';
import { isMissingObject } from '../../recovery/object-store-error.ts';
import type { ObjectEntry } from '../../recovery/objects-manifest.ts';
import { headersOf } from '../../recovery/objects-source.ts';
import { objectClient } from '../../stack/clients.ts';
import { judgeAgainstManifest } from '../actions/verify-objects.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { objectName } from '../object-rows.ts';
import { damaging, type Damage } from './damaging.ts';

/** One restored object has other bytes of the same number. */
export const objectChangedAfterRestore: Control = {
  name: 'object-changed-after-restore',
  title: 'One object is overwritten after the restore',
  expectedCheck: 'objects.content',
  expectedVerdict: 'fail',
  ...damaging('objects-restored', overwrite(otherBytes, headersOf), judgeRestored),
};

/** One restored object has its bytes, but not its content type: a listing does not show it. */
export const contentTypeLost: Control = {
  name: 'content-type-lost',
  title: 'One object has lost its content type',
  expectedCheck: 'objects.metadata',
  expectedVerdict: 'fail',
  ...damaging(
    'objects-restored',
    overwrite(
      (bytes) => bytes,
      (entry) => ({ ...headersOf(entry), 'content-type': 'application/x-lost' }),
    ),
    judgeRestored,
  ),
};

/** One restored bucket does not keep the versions that it kept before. */
export const versioningLost: Control = {
  name: 'versioning-lost',
  title: 'A restored bucket does not keep versions any more',
  expectedCheck: 'objects.versioning',
  expectedVerdict: 'fail',
  ...damaging('objects-restored', suspendVersioning, judgeRestored),
};

function judgeRestored(context: DrillContext) {
  return judgeAgainstManifest(context, need(context, 'objectsRestorePoint').manifest);
}

function otherBytes(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff));
}

/** Writes over the first object of the manifest; taken back by writing what it was. */
function overwrite(
  bytesOf: (original: Buffer) => Buffer,
  headers: (entry: ObjectEntry) => Record<string, string>,
): (context: DrillContext) => Promise<Damage> {
  return async (context) => {
    const { manifest } = need(context, 'objectsRestorePoint');
    const victim = manifest.entries.find(({ sizeBytes }) => sizeBytes > 0);
    if (!victim) throw nothingToDamage('an object with bytes in the backup');
    const { bucket, key, tags } = victim;
    const client = objectClient(need(context, 'objects').access);
    const original = await client.getObject(bucket, key).then(buffer, (error: unknown) => {
      // Where it was not restored, which is found all the same, there is nothing to put back.
      if (isMissingObject(error)) return undefined;
      throw error;
    });
    const put = async (bytes: Buffer, withHeaders: Record<string, string>): Promise<void> => {
      await client.putObject(bucket, key, bytes, bytes.length, withHeaders);
      if (Object.keys(tags).length > 0) await client.setObjectTagging(bucket, key, tags);
    };
    await put(bytesOf(original ?? Buffer.alloc(1)), headers(victim));
    return {
      description: `${objectName(victim)} overwritten`,
      undo: async () => {
        if (original) await put(original, headersOf(victim));
        else await client.removeObject(bucket, key);
      },
    };
  };
}

async function suspendVersioning(context: DrillContext): Promise<Damage> {
  const { manifest } = need(context, 'objectsRestorePoint');
  const bucket = manifest.buckets.find(({ versioning }) => versioning === 'Enabled')?.name;
  if (bucket === undefined) throw nothingToDamage('a bucket that keeps versions');
  const client = objectClient(need(context, 'objects').access);
  await client.setBucketVersioning(bucket, { Status: 'Suspended' });
  return {
    description: `versioning of ${bucket} suspended`,
    undo: async () => {
      await client.setBucketVersioning(bucket, { Status: 'Enabled' });
    },
  };
}

function nothingToDamage(expected: string): DrillError {
  return new DrillError({ code: 'configuration', what: 'a control has nothing to damage', expected, actual: 'none' });
}
