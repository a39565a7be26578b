import { randomUUID } from 'node:crypto';
import type { SearchBackupKind, SearchRestorePoint } from '../../domain/search-backup.ts';
import type { StoreName } from '../../domain/service.ts';
import { need, type DrillContext } from '../context.ts';
import { olderBackupName } from '../controls/older-backup.ts';
import type { DrillStep } from '../definition.ts';
import { furtherWrites } from '../further-writes.ts';
import { saveDatabase } from './back-up-database.ts';
import { saveObjects } from './back-up-objects.ts';
import { takeSearch } from './back-up-search.ts';

/** What is backed up once before the backups that the drill is about. */
export interface EarlierBackups {
  database?: true;
  objects?: true;
  search?: readonly SearchBackupKind[];
}

const earlier = { earlier: true } as const;

/**
 * A backup of each store that is older than the one to recover from, with writes between the two: where there is one
 * only, the oldest is the newest, and choosing shows nothing. It is not verified: no recovery is to use it. A quick run that
 * does not play its control goes without.
 */
export function earlierBackups({ database, objects, search = [] }: EarlierBackups): DrillStep {
  return {
    name: 'earlier-backups',
    title: 'Take an earlier backup, which the recovery must not choose, and write on',
    phase: 'backup',
    async execute(context) {
      if (context.record.quick?.leftOut.includes(olderBackupName)) {
        context.progress().info(`none, quick: its control, ${olderBackupName}, is not played`);
        return;
      }
      const setId = need(context, 'backupSetId');
      context.state.backupSetId = randomUUID();
      const taken = [
        ...(database ? [await saveDatabase(context, earlier)] : []),
        ...(objects ? [await saveObjects(context, earlier)] : []),
        ...(await searchBackups(context, search)),
      ];
      context.state.backupSetId = setId;
      context.state.earlierBackups = taken.map(({ bucket, manifestKey }) => ({ bucket, manifestKey }));
      const stores: StoreName[] = [
        ...(database ? (['postgres'] as const) : []),
        ...(objects ? (['objects'] as const) : []),
        ...(search.length > 0 ? (['search'] as const) : []),
      ];
      await furtherWrites(context, {
        stores,
        withinMs: 30_000,
        otherwise: 'nothing is written between two backups, so that choosing the newer one would show nothing',
      });
    },
  };
}

async function searchBackups(context: DrillContext, kinds: readonly SearchBackupKind[]): Promise<SearchRestorePoint[]> {
  const taken: SearchRestorePoint[] = [];
  for (const kind of kinds) taken.push(await takeSearch(context, kind, earlier));
  return taken;
}
