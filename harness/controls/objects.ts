import { buffer } from 'node:stream/consumers';
import type { Finding } from '../../domain/finding.ts';
import { isMissingObject } from '../../recovery/object-store-error.ts';
import type { ObjectEntry } from '../../recovery/objects-manifest.ts';
import { headersOf } from '../../recovery/objects-source.ts';
import { objectClient } from '../../stack/clients.ts';
import { judgeAgainstBackup } from '../actions/verify-objects.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { drawn } from '../draw.ts';
import { sampleOfObjects } from '../object-headers.ts';
import { replacedSince } from '../newer-objects.ts';
import { objectName, objectsOf } from '../object-rows.ts';
import { damaging, nothingToDamage, type Damage } from './damaging.ts';

/**
 * What can be wrong with restored objects although every key is there; `judge` is how the drill holds its store against
 * what it knows.
 */
export function restoredObjectControls(
  judge: (context: DrillContext) => Promise<Finding[]>,
): [changed: Control, headerLost: Control, contentTypeLost: Control, versioningLost: Control] {
  return [
    {
      name: 'object-changed-after-restore',
      title: 'One object is overwritten after the restore',
      expectedCheck: 'objects.content',
      expectedVerdict: 'fail',
      ...damaging('objects-restored', overwrite(otherBytes, headersOf), judge),
    },
    {
      name: 'object-header-lost',
      title: 'One object has its bytes, but another header; by an observer of its own',
      expectedCheck: 'objects.headers-by-http',
      expectedVerdict: 'fail',
      alsoRed: ['objects.metadata'],
      ...damaging(
        'objects-restored',
        overwrite((bytes) => bytes, otherCaching, sampleOfObjects),
        judge,
      ),
    },
    {
      name: 'content-type-lost',
      title: 'One object has its bytes, but not its content type',
      expectedCheck: 'objects.metadata',
      expectedVerdict: 'fail',
      alsoRed: ['objects.headers-by-http'],
      ...damaging(
        'objects-restored',
        overwrite((bytes) => bytes, otherType),
        judge,
      ),
    },
    {
      name: 'versioning-lost',
      title: 'A restored bucket does not keep versions any more',
      expectedCheck: 'objects.versioning',
      expectedVerdict: 'fail',
      ...damaging('objects-restored', suspendVersioning, judge),
    },
  ];
}

/** The same of a store that was restored from a backup, which it is held against. */
export const [objectChangedAfterRestore, objectHeaderLost, contentTypeLost, versioningLost] =
  restoredObjectControls(judgeAgainstBackup);

function otherBytes(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff));
}

function otherCaching(entry: ObjectEntry): Record<string, string> {
  return { ...headersOf(entry), 'cache-control': 'max-age=1' };
}

function otherType(entry: ObjectEntry): Record<string, string> {
  return { ...headersOf(entry), 'content-type': 'application/x-lost' };
}

/**
 * Objects with bytes of the manifest, among those that are named, that the store still has to hold: not what a user has
 * replaced since, nor what was moved into quarantine, which nobody would miss.
 */
export function heldAgainstBackup(
  context: Pick<DrillContext, 'state' | 'definition'>,
  among: readonly { bucket: string; key: string }[],
): ObjectEntry[] {
  const replaced = replacedSince(context.state);
  const names = new Set(among.map(objectName));
  return need(context, 'objectsRestorePoint').manifest.entries.filter(
    (entry) => entry.sizeBytes > 0 && names.has(objectName(entry)) && !replaced.has(objectName(entry)),
  );
}

/** Writes over an object of the manifest, drawn by the seed, that nobody has replaced or moved away; taken back by writing what it was. */
function overwrite(
  bytesOf: (original: Buffer) => Buffer,
  headers: (entry: ObjectEntry) => Record<string, string>,
  among: (context: DrillContext) => readonly { bucket: string; key: string }[] = (context) =>
    need(context, 'objectsRestorePoint').manifest.entries,
): (context: DrillContext) => Promise<Damage> {
  return async (context) => {
    const whole = heldAgainstBackup(context, among(context));
    const victim = drawn(context, whole, 'object');
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

/** In a bucket that the seed draws; taken back by turning it on again. */
export async function suspendVersioning(context: DrillContext): Promise<Damage> {
  const bucket = drawn(context, objectsOf(context.system).buckets, 'bucket');
  if (bucket === undefined) throw nothingToDamage('a bucket');
  const client = objectClient(need(context, 'objects').access);
  await client.setBucketVersioning(bucket, { Status: 'Suspended' });
  return {
    description: `versioning of ${bucket} suspended`,
    undo: async () => {
      await client.setBucketVersioning(bucket, { Status: 'Enabled' });
    },
  };
}
