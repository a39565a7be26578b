import { randomUUID } from 'node:crypto';
import { judgeVersionsRestored } from '../../checks/object-versions.ts';
import type { Fault } from '../../domain/fault.ts';
import { copyVersion } from '../../recovery/copy-version.ts';
import { findObjectDamage, type ExpectedObject } from '../../recovery/object-damage-scope.ts';
import { listKeyVersions } from '../../recovery/object-versions.ts';
import { readObject } from '../../recovery/read-object.ts';
import { objectClient } from '../../stack/clients.ts';
import { restoreBucket } from '../actions/restore-object-versions.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { judgeAgainstKnown } from '../known-objects.ts';
import { judgeNewerObjects } from '../newer-objects.ts';
import { objectName, objectsOf } from '../object-rows.ts';
import { judgeVersioning, type ObjectsHit } from '../steps/object-versions.ts';
import { asSteadyState } from '../steps/steady-state.ts';
import { damaging, nothingToDamage, type Damage } from './damaging.ts';
import { suspendVersioning } from './objects.ts';

/** A bucket does not keep versions, which is found before the fault: there would be nothing to restore from. */
export const versioningOff: Control = {
  name: 'versioning-off',
  title: 'A bucket does not keep versions before the fault',
  expectedCheck: 'steady-state.objects.keeps-versions',
  expectedVerdict: 'inconclusive',
  ...damaging('running', suspendVersioning, async (context) => asSteadyState([await judgeVersioning(context)])),
};

/** An object that a user wrote after the damage is rolled back to what it was before. */
export const newerObjectOverwritten: Control = {
  name: 'newer-object-overwritten',
  title: 'An object that was written after the damage is rolled back',
  expectedCheck: 'objects.newer-kept',
  expectedVerdict: 'fail',
  alsoRed: ['objects.content'],
  ...damaging('objects-restored', rollBackNewer, async (context) => [
    await judgeNewerObjects(context),
    ...(await judgeAgainstKnown(context)),
  ]),
};

/**
 * The version of before the damage is gone for one object: it is lost, and must be named; the others come back. The
 * control plays it on an object of its own.
 */
export function versionGone(hit: Fault & ObjectsHit): Control {
  return {
    name: 'version-gone',
    title: 'The good version of one damaged object is gone',
    expectedCheck: 'objects.versions-restored',
    expectedVerdict: 'fail',
    alsoRed: ['objects.content'],
    async verify(context) {
      const [bucket = ''] = objectsOf(context.system).buckets;
      const client = objectClient(need(context, 'objects').access);
      const key = `control/${randomUUID()}.txt`;
      await client.putObject(bucket, key, 'what it was');
      const sha256 = (await readObject(client, bucket, key))?.sha256 ?? '';
      try {
        await client.putObject(bucket, key, 'garbage');
        await removeOlderVersions(context, bucket, key);
        const { damaged } = await findObjectDamage({ client, bucket, expected: once({ key, sha256 }) });
        return [judgeVersionsRestored(await restoreBucket(context, { bucket, damaged }))];
      } finally {
        await removeOlderVersions(context, bucket, key, 0);
      }
    },
    sabotage: {
      replaceFault: (fault) => ({
        ...fault,
        inject: async (stack) => {
          await fault.inject(stack);
          const [bucket, { overwritten }] = [...hit.damage()].at(-1) ?? ['', { overwritten: [] }];
          const victim = overwritten.at(-1);
          if (!victim) throw nothingToDamage('an object that was overwritten');
          await removeVersions(objectClient(stack.objects.access), bucket, victim.key, 1);
        },
      }),
    },
  };
}

async function removeOlderVersions(context: DrillContext, bucket: string, key: string, keep = 1): Promise<void> {
  await removeVersions(objectClient(need(context, 'objects').access), bucket, key, keep);
}

/** Removes all versions and delete markers of a key for good but for the newest ones. */
async function removeVersions(
  client: ReturnType<typeof objectClient>,
  bucket: string,
  key: string,
  keep: number,
): Promise<void> {
  for await (const history of listKeyVersions({ client, bucket, prefix: key })) {
    if (history.key !== key) continue;
    for (const { versionId } of history.versions.slice(keep)) await client.removeObject(bucket, key, { versionId });
  }
}

async function rollBackNewer(context: DrillContext): Promise<Damage> {
  const client = objectClient(need(context, 'objects').access);
  const [newer] = context.state.newerObjects ?? [];
  if (!newer) throw nothingToDamage('an object that was written after the damage');
  const { bucket, key } = newer;
  for await (const history of listKeyVersions({ client, bucket, prefix: key })) {
    const oldest = history.versions.findLast(({ isDeleteMarker }) => !isDeleteMarker);
    if (history.key !== key || !oldest) continue;
    const newestId = history.versions[0]?.versionId ?? '';
    await copyVersion(client, bucket, key, oldest.versionId);
    return {
      description: `${objectName(newer)} rolled back to what it was before the damage`,
      undo: async () => {
        await copyVersion(client, bucket, key, newestId);
      },
    };
  }
  throw nothingToDamage('a version of what a user has replaced');
}

async function* once(object: ExpectedObject): AsyncGenerator<ExpectedObject> {
  yield object;
}
