import { judgeKeepsVersions, judgeScope } from '../../checks/object-versions.ts';
import type { Finding } from '../../domain/finding.ts';
import { observeBucket } from '../../recovery/objects-source.ts';
import { objectClient } from '../../stack/clients.ts';
import { need, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { objectName, objectsOf } from '../object-rows.ts';
import { requireSteadyState } from './steady-state.ts';

/** A runbook that restores from versions needs buckets that keep them; without, there is nothing to restore from. */
export const bucketsKeepVersions: DrillStep = {
  name: 'steady-state-versioning',
  title: 'Steady state: every bucket keeps versions',
  phase: 'steady-state',
  async execute(context) {
    requireSteadyState(context, [await judgeVersioning(context)]);
  },
};

/** Asks the store that serves now whether each bucket of the system keeps versions. */
export async function judgeVersioning(context: DrillContext): Promise<Finding> {
  const client = objectClient(need(context, 'objects').access);
  const buckets = await Promise.all(
    objectsOf(context.system).buckets.map(async (bucket) => {
      const { versioning } = await observeBucket(client, bucket);
      return { bucket, versioning };
    }),
  );
  return judgeKeepsVersions(buckets);
}

/** The writes that went on through fault and recovery come to their end, so that what is judged holds still. */
export const writesEnd: DrillStep = {
  name: 'writes-end',
  title: 'End the writes that went on through fault and recovery',
  phase: 'hand-over',
  async execute(context) {
    const markers = need(context, 'markers');
    await markers.stop();
    const faultMs = need(context, 'fault').injectedAt.getTime();
    const since = markers.acks.filter(({ acknowledgedAt }) => Date.parse(acknowledgedAt) > faultMs);
    context.progress().info(`${since.length} of ${markers.acks.length} acknowledged writes were made since the fault`);
  },
};

/** What a fault that damages objects has hit: by bucket, the keys. */
export interface ObjectsHit {
  damage(): ReadonlyMap<string, { overwritten: { key: string }[]; deleted: string[] }>;
}

/** Holds the scope that the recovery found by itself against what the fault knows that it has hit. */
export function scopeMatchesDamage(fault: ObjectsHit): DrillStep {
  return {
    name: 'scope',
    title: 'The damage that was found by checksums is the damage that was done',
    phase: 'hand-over',
    async execute(context) {
      const buckets = need(context, 'damagedObjects');
      const found = buckets.flatMap(({ bucket, damaged }) => damaged.map(({ key }) => objectName({ bucket, key })));
      // What a user wrote over the damage before it was looked for was whole again then.
      const newer = new Set((context.state.newerObjects ?? []).map(objectName));
      const isFound = new Set(found);
      const hit = [...fault.damage()]
        .flatMap(([bucket, { overwritten, deleted }]) =>
          [...overwritten.map(({ key }) => key), ...deleted].map((key) => objectName({ bucket, key })),
        )
        .filter((name) => isFound.has(name) || !newer.has(name));
      context.judge([judgeScope({ hit, found })]);
    },
  };
}
