import { judgeSearchRestored } from '../checks/search-backup.ts';
import type { Finding } from '../domain/finding.ts';
import type { SearchBackupKind } from '../domain/search-backup.ts';
import { latestSearchRestorePoint } from '../recovery/search-restore-points.ts';
import { restoreSearch, type SearchRecovery } from '../recovery/search-restore.ts';
import { observeSearch } from '../recovery/search-state.ts';
import { backupBucket } from './backup-location.ts';
import { need, type DrillContext } from './context.ts';

/**
 * Restores the newest backup of a kind into a new search server of a role, under the master key of the old one, which is
 * what the secrets of keys follow from. Nothing that serves is touched. Throws as `latestSearchRestorePoint` and
 * `restoreSearch` do.
 */
export async function restoreSearchBackup(
  context: DrillContext,
  { kind, role }: { kind: SearchBackupKind; role: string },
): Promise<SearchRecovery> {
  const { clock, signal } = context;
  const stack = need(context, 'stack');
  const found = context.state.searchRestorePoint;
  const restorePoint =
    found?.manifest.kind === kind
      ? found
      : await latestSearchRestorePoint({ store: stack.backups.access, bucket: backupBucket, kind });
  const { id, coveredAt } = restorePoint.manifest;
  context.progress().info(`newest ${kind} by its manifest: ${id}, covers ${coveredAt}`);
  return restoreSearch({
    restorePoint,
    store: stack.backups.access,
    identity: need(context, 'ageIdentity'),
    provision: stack.provision,
    role,
    masterKey: stack.search.access.masterKey,
    folder: stack.folder,
    clock,
    progress: context.progress(),
    signal,
  });
}

/** Holds a restored server, as it is now, against the backup that it was restored from. */
export async function judgeRestored({ server, expected }: SearchRecovery, signal: AbortSignal): Promise<Finding[]> {
  return judgeSearchRestored(expected, await observeSearch(server.access, signal));
}
