import { judgeSearchRestored } from '../checks/search-backup.ts';
import type { Finding } from '../domain/finding.ts';
import type { SearchBackupKind } from '../domain/search-backup.ts';
import type { SearchServer } from '../domain/service.ts';
import type { MarkerAccess, ReindexResult } from '../domain/system.ts';
import { latestSearchRestorePoint } from '../recovery/search-restore-points.ts';
import { restoreSearch, type SearchRecovery } from '../recovery/search-restore.ts';
import { observeSearch } from '../recovery/search-state.ts';
import { backupBucket } from './backup-location.ts';
import { need, type DrillContext } from './context.ts';
import { reindex } from './reindex.ts';

/** The ways to bring a search server back, each into a new one; the first is the one where nothing else is asked. */
export const searchWays = {
  dump: 'Newest dump, then what changed since',
  snapshot: 'Newest snapshot, then what changed since',
  reindex: 'Empty server, reindexed from the database',
} as const;

export type SearchWay = keyof typeof searchWays;

/** A new search server on one of the ways. What changed since its backup is still missing in it. */
export interface SearchComeback {
  way: SearchWay;
  server: SearchServer;
  restoreMs: number;
  /** The restore, unless the server is empty. */
  recovery?: SearchRecovery;
}

/** The end of a way: documents that were indexed from the database, from an instant on (ISO 8601) or all. */
export interface SearchCatchUp extends ReindexResult {
  since?: string;
  durationMs: number;
}

/** Changes that far before the instant of a backup are indexed again: clocks differ, and transactions commit late. */
const overlapMs = 60_000;

/** The way that was asked for with `--from`; a drill that knows others, or none, restores the dump. */
export function searchWayOf({ from }: Pick<DrillContext, 'from'>): SearchWay {
  return from === 'snapshot' || from === 'reindex' ? from : 'dump';
}

/**
 * Starts a new search server of a role under the master key of the old one, which the secrets of keys follow from: from
 * the newest backup, verified, or empty. Nothing that serves is touched. Throws as `latestSearchRestorePoint`,
 * `restoreSearch` and the provisioner do.
 */
export async function bringSearchBack(context: DrillContext, way: SearchWay, role: string): Promise<SearchComeback> {
  const { clock, signal } = context;
  const startedMs = clock.monotonicMs();
  if (way !== 'reindex') {
    const recovery = await restoreBackup(context, way, role);
    return { way, server: recovery.server, restoreMs: clock.monotonicMs() - startedMs, recovery };
  }
  const stack = need(context, 'stack');
  const server = await stack.provision.search(role, { masterKey: stack.search.access.masterKey, signal });
  return { way, server, restoreMs: clock.monotonicMs() - startedMs };
}

/**
 * Indexes what the server does not have yet through the application that `access` reaches: what changed since the backup
 * with an overlap, or everything. What has no row is removed.
 */
export async function catchUpSearch(
  context: DrillContext,
  access: MarkerAccess,
  coveredAt: string | undefined,
): Promise<SearchCatchUp> {
  const { clock } = context;
  const startedMs = clock.monotonicMs();
  const since = coveredAt === undefined ? undefined : new Date(Date.parse(coveredAt) - overlapMs).toISOString();
  const result = await reindex(context, access, since);
  const caughtUp = { ...result, durationMs: clock.monotonicMs() - startedMs, ...(since !== undefined && { since }) };
  context.progress().info(sentence(caughtUp));
  return caughtUp;
}

/** Holds a restored server, as it is now, against the backup that it was restored from. */
export async function judgeRestored({ server, expected }: SearchRecovery, signal: AbortSignal): Promise<Finding[]> {
  return judgeSearchRestored(expected, await observeSearch(server.access, signal));
}

async function restoreBackup(context: DrillContext, kind: SearchBackupKind, role: string): Promise<SearchRecovery> {
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

function sentence({ documents, removed, since, durationMs }: SearchCatchUp): string {
  const what = since === undefined ? 'all documents' : `documents changed since ${since}`;
  const took = `${(durationMs / 1000).toFixed(1)} s`;
  return `${what} indexed from the database: ${documents.toLocaleString('en')}, ${removed} removed, in ${took}`;
}
