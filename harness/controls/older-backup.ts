import { text } from 'node:stream/consumers';
import type { Finding } from '../../domain/finding.ts';
import { latestSearchRestorePoint } from '../../recovery/search-restore-points.ts';
import { objectClient } from '../../stack/clients.ts';
import { backupBucket } from '../backup-location.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { findLatestDatabaseBackup, judgeLatestSearchBackup } from '../latest-backups.ts';
import { findLatestObjectsBackup } from '../objects-backup.ts';
import { searchWayOf } from '../search-ways.ts';
import { findBackupSet } from '../steps/backup-set.ts';
import { damaging, nothingToDamage, type Damage } from './damaging.ts';

/** The control that an earlier backup is taken for. */
export const olderBackupName = 'older-backup';

const dayMs = 86_400_000;

/** How a drill finds what it recovers from. */
const finders = {
  database: findLatestDatabaseBackup,
  objects: findLatestObjectsBackup,
  set: findBackupSet,
  search: async (context: DrillContext): Promise<void> => {
    const way = searchWayOf(context);
    // A rebuild takes no backup; the search for one is proved on the dump, as the other controls of backups are.
    const kind = way === 'reindex' ? 'dump' : way;
    const store = need(context, 'stack').backups.access;
    const { manifest } = await latestSearchRestorePoint({ store, bucket: backupBucket, kind });
    context.judge([judgeLatestSearchBackup(context, manifest)]);
  },
};

/** The recovery takes an older backup, whose manifest claims to cover a day more than it does. */
export function olderBackup(of: keyof typeof finders): Control {
  return {
    name: olderBackupName,
    title: 'An older backup is chosen in place of the newest',
    expectedCheck: 'backup.latest',
    expectedVerdict: 'fail',
    // What was written after it is then missing, or is of another set than was asked for.
    alsoRed: ['backup-set'],
    ...damaging('backed-up', makeOldClaimNewer, async (context) => {
      const found: Finding[] = [];
      // Through the drill's own function, with what it leaves and judges kept apart.
      await finders[of]({
        ...context,
        state: { ...context.state },
        judge: (findings) => void found.push(...findings),
      });
      return found;
    }),
  };
}

async function makeOldClaimNewer(context: DrillContext): Promise<Damage> {
  const earlier = need(context, 'earlierBackups');
  if (earlier.length === 0) throw nothingToDamage('an earlier backup');
  const client = objectClient(need(context, 'stack').backups.access);
  const originals = await Promise.all(
    earlier.map(async ({ bucket, manifestKey }) => ({
      bucket,
      manifestKey,
      json: await client.getObject(bucket, manifestKey).then(text),
    })),
  );
  for (const { bucket, manifestKey, json } of originals) {
    const manifest = JSON.parse(json) as { coveredAt: string };
    manifest.coveredAt = new Date(Date.parse(manifest.coveredAt) + dayMs).toISOString();
    await client.putObject(bucket, manifestKey, JSON.stringify(manifest));
  }
  return {
    description: `${originals.length} earlier backups claim to cover a day more than they do`,
    undo: async () => {
      for (const { bucket, manifestKey, json } of originals) await client.putObject(bucket, manifestKey, json);
    },
  };
}
