import { judgeLostBytes } from '../../checks/objects.ts';
import { judgeObjectsBackup } from '../../checks/objects-backup.ts';
import type { ObjectStore } from '../../domain/service.ts';
import type { ObjectsRestorePoint } from '../../recovery/objects-manifest.ts';
import { restoreObjects } from '../../recovery/restore-objects.ts';
import { restoreObjectsFromManifest } from '../../recovery/restore-objects-from-manifest.ts';
import { isOfTheBackup } from '../../recovery/store-error.ts';
import { need, type DrillContext } from '../context.ts';
import type { Action } from '../definition.ts';
import { objectName } from '../object-rows.ts';
import { findLatestObjectsBackup } from '../objects-backup.ts';
import { sabotageAt } from '../sabotage.ts';

/** The way to recover (`--from`) that uses a manifest alone. */
const manifestAlone = 'manifest';

/** A new store, and the latest backup of the objects in it. */
export const restoreObjectsAction: Action = {
  name: 'restore-objects',
  title: 'Provision a new object store and restore the latest backup into it',
  phase: 'provision',
  needs: ['objects'],
  laterPhases: ['restore'],
  async execute(context) {
    const restorePoint = context.state.objectsRestorePoint ?? (await findLatestObjectsBackup(context));
    const target = await need(context, 'stack').provision.objects('recovered');
    context.progress().info(`new store: ${target.info.implementation} ${target.info.version}`);
    context.enterPhase('restore');
    if (context.from === manifestAlone) await fromManifest(context, restorePoint, target);
    else await fromBackup(context, restorePoint, target);
    context.state.objects = target;
    const { id, coveredAt } = restorePoint.manifest;
    need(context, 'recoveryPoints').objects = {
      store: 'objects',
      source: 'backup',
      detail: context.from === manifestAlone ? `the manifest of backup ${id}, without its bytes` : `backup ${id}`,
      coveredAt,
    };
    await sabotageAt(context, 'objects-restored');
  },
};

async function fromBackup(
  context: DrillContext,
  restorePoint: ObjectsRestorePoint,
  target: ObjectStore,
): Promise<void> {
  const { clock, signal } = context;
  try {
    const { objects, sizeBytes, durationMs } = await restoreObjects({
      restorePoint,
      store: need(context, 'stack').backups.access,
      target: target.access,
      identity: need(context, 'ageIdentity'),
      clock,
      progress: context.progress(),
      signal,
    });
    const size = `${sizeBytes.toLocaleString('en')} bytes in ${(durationMs / 1000).toFixed(1)} s`;
    context.progress().info(`${objects.toLocaleString('en')} objects restored, ${size}`);
  } catch (error) {
    if (isOfTheBackup(error)) {
      const { counts } = restorePoint.manifest;
      const named = (error.facts.hint ?? '').split('\n').filter((line) => line !== '');
      const unrestorable = named.length > 0 ? named : [error.message];
      context.judge([judgeObjectsBackup({ ...counts, contents: 0, unrestorable })]);
    }
    throw error;
  }
}

/** What a runbook gets that trusts a manifest; the run goes on, so that all that follows from it is seen. */
async function fromManifest(
  context: DrillContext,
  { manifest }: ObjectsRestorePoint,
  target: ObjectStore,
): Promise<void> {
  const { lost, lostBytes, bytesRestored } = await restoreObjectsFromManifest({ manifest, target: target.access });
  context.judge([judgeLostBytes({ lostObjects: lost.length, lostBytes, bytesRestored, names: lost.map(objectName) })]);
}
