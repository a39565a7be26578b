import { judgeObjectRows, judgeObjects } from '../../checks/objects.ts';
import type { Finding } from '../../domain/finding.ts';
import { verifyObjects } from '../../recovery/verify-objects.ts';
import { need, type DrillContext } from '../context.ts';
import type { Action } from '../definition.ts';
import { judgeHeadersAgain } from '../object-headers.ts';
import { compareRows, objectName } from '../object-rows.ts';

/**
 * Reads every restored object and holds it against the backup's manifest and the rows of the database, before anyone
 * may write. The database must be back for it.
 */
export const verifyObjectsAction: Action = {
  name: 'verify-objects',
  title: 'Verify every object against its manifest and its row',
  phase: 'verify',
  needs: ['objects'],
  async execute(context) {
    const { manifest } = need(context, 'objectsRestorePoint');
    context.judge([...(await judgeAgainstBackup(context)), judgeObjectRows(await compareRows(context, manifest))]);
  },
};

/**
 * The store that serves now, held against the backup's manifest: content, metadata and the settings of the buckets. What
 * was moved into quarantine since is not expected any more.
 */
export async function judgeAgainstBackup(context: DrillContext): Promise<Finding[]> {
  const { clock, signal, state } = context;
  const { manifest } = need(context, 'objectsRestorePoint');
  const quarantined = new Set(state.quarantined);
  const expected = async function* () {
    for (const entry of manifest.entries) {
      const { bucket, key, sha256 } = entry;
      if (quarantined.has(objectName(entry))) continue;
      yield { bucket, key, sha256, entry };
    }
  };
  const observation = await verifyObjects({
    target: need(context, 'objects').access,
    expected: expected(),
    buckets: manifest.buckets,
    now: clock.now(),
    signal,
  });
  return [...judgeObjects(observation), ...(await judgeHeadersAgain(context))];
}
