import { judgeVersionsRestored, type VersionsRestored } from '../../checks/object-versions.ts';
import { damageBegan } from '../../recovery/damage-began.ts';
import { restoreObjectVersions } from '../../recovery/restore-object-versions.ts';
import { objectClient } from '../../stack/clients.ts';
import { need, type DamagedBucket, type DrillContext } from '../context.ts';
import type { Action } from '../definition.ts';
import { oldestFirst, uploadAgain } from '../newer-objects.ts';
import { objectName } from '../object-rows.ts';
import { sabotageAt } from '../sabotage.ts';

/**
 * Puts every damaged object back from the version of just before the damage, inside the store, and nothing else. One
 * more user uploads a damaged file again in between: that object is newer then, and must be kept.
 */
export const restoreObjectVersionsAction: Action = {
  name: 'restore-object-versions',
  title: 'Restore the damaged objects from their versions',
  phase: 'restore',
  needs: ['objects'],
  async execute(context) {
    const buckets = need(context, 'damagedObjects');
    await uploadOneAgain(context, buckets);
    const all = { damaged: 0, copied: 0, undeleted: 0, kept: 0, lost: [] as { name: string; reason: string }[] };
    for (const { bucket, damaged } of buckets) {
      if (damaged.length === 0) continue;
      const restored = await restoreBucket(context, { bucket, damaged });
      all.damaged += damaged.length;
      all.copied += restored.copied;
      all.undeleted += restored.undeleted;
      all.kept += restored.kept;
      all.lost.push(...restored.lost);
    }
    context.judge([judgeVersionsRestored(all)]);
    need(context, 'recoveryPoints').objects = {
      store: 'objects',
      source: 'versions',
      detail: `${all.copied + all.undeleted} damaged objects put back from their versions, ${all.kept} newer ones kept`,
    };
    await sabotageAt(context, 'objects-restored');
  },
};

/** The versions as of just before the damage, whose beginning the store itself tells. */
export async function restoreBucket(
  context: DrillContext,
  { bucket, damaged }: DamagedBucket,
): Promise<VersionsRestored> {
  const { clock, signal } = context;
  const client = objectClient(need(context, 'objects').access);
  const before = (await damageBegan({ client, bucket, damaged, signal })) ?? need(context, 'fault').detectedAt;
  const restored = await restoreObjectVersions({ client, bucket, before, damaged, clock, signal });
  const { copied, undeleted, kept, lost, durationMs } = restored;
  const told = `${copied.length} put back, ${undeleted.length} no longer deleted, ${kept.length} newer and kept`;
  context
    .progress()
    .info(`${bucket}, as of just before ${before.toISOString()}: ${told}, in ${Math.round(durationMs)} ms`);
  return {
    damaged: damaged.length,
    copied: copied.length,
    undeleted: undeleted.length,
    kept: kept.length,
    lost: lost.map(({ key, reason }) => ({ name: `${bucket}/${key}`, reason })),
  };
}

async function uploadOneAgain(context: DrillContext, buckets: readonly DamagedBucket[]): Promise<void> {
  const changed = buckets.flatMap(({ bucket, damaged }) =>
    damaged.flatMap(({ key, state }) => (state === 'changed' ? [objectName({ bucket, key })] : [])),
  );
  const { manifest } = need(context, 'objectsRestorePoint');
  const first = oldestFirst(manifest).find((entry) => changed.includes(objectName(entry)));
  if (first) await uploadAgain(context, first, 'after it was found damaged');
}
