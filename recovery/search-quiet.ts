import type { EnqueuedTaskPromise, Meilisearch, Task } from 'meilisearch';
import type { SearchBackupKind, SearchHolding } from '../domain/search-backup.ts';
import type { Clock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { SearchAccess } from '../domain/service.ts';
import { searchClient } from '../stack/clients.ts';
import { observeSearch } from './search-state.ts';
import { askUntil } from '../domain/ask-until.ts';

/** A dump or snapshot that the server has written, with what it holds. */
export interface SavedSearch {
  holding: SearchHolding;
  /** Place of the file below the folder of the server's data. */
  path: string;
  /** ISO 8601. */
  coveredAt: string;
}

/**
 * Has the server write a dump or a snapshot, and says what is in it. The server does not tell, and its content may not
 * be written between the observation and the saving: the numbers of the tasks show whether it was. Then it is done
 * again, for up to `timeoutMs`; a server that is written to without a pause throws `tool-failed`.
 */
export async function saveQuietly(
  access: SearchAccess,
  kind: SearchBackupKind,
  { clock, signal, timeoutMs = 120_000 }: { clock: Clock; signal: AbortSignal; timeoutMs?: number },
): Promise<SavedSearch> {
  const client = searchClient(access);
  const attempt = async (): Promise<SavedSearch | undefined> => {
    if ((await tasksWaiting(client)) > 0) return undefined;
    const before = await newestTask(client);
    const coveredAt = clock.now().toISOString();
    const holding = await observeSearch(access, signal);
    // Asked first, so that a dump that is of no use is seldom written: the server keeps them all.
    if ((await newestTask(client)) !== before) return undefined;
    const task = await settled(kind, kind === 'dump' ? client.createDump() : client.createSnapshot());
    if (task.uid !== before + 1 || (await cameInDuring(client, task))) return undefined;
    return { holding, path: pathOf(kind, task), coveredAt };
  };
  const patience = { clock, signal, withinMs: timeoutMs, firstPauseMs: 20, longestPauseMs: 500 };
  const saved = await askUntil(attempt, patience);
  if (saved !== undefined) return saved;
  throw new DrillError({
    code: 'tool-failed',
    service: 'search',
    what: `the ${kind} of the search server was not taken`,
    expected: 'a moment in which nothing is written to it',
    actual: `documents or settings came in all the time, for ${timeoutMs} ms`,
    hint: 'Pause what writes to the search server, or take the backup at a quieter time.',
  });
}

/** Number of tasks that the server has not ended yet. */
async function tasksWaiting(client: Meilisearch): Promise<number> {
  return (await client.tasks.getTasks({ statuses: ['enqueued', 'processing'], limit: 1 })).total;
}

/** Whether a task came in before this one had ended: it waits in the dump, and is done after the import. */
async function cameInDuring(client: Meilisearch, { uid, finishedAt }: Task): Promise<boolean> {
  // Numbers are given in the order of coming in, so no other one came earlier.
  const [next] = (await client.tasks.getTasks({ uids: [uid + 1] })).results;
  return next !== undefined && Date.parse(next.enqueuedAt) <= Date.parse(finishedAt ?? next.enqueuedAt);
}

/** Number of the newest task; -1 when there was none. */
async function newestTask(client: Meilisearch): Promise<number> {
  return (await client.tasks.getTasks({ limit: 1 })).results[0]?.uid ?? -1;
}

/** The task when it has ended: the library resolves for one that failed, too. */
async function settled(kind: SearchBackupKind, enqueued: EnqueuedTaskPromise): Promise<Task> {
  const task = await enqueued.waitTask();
  if (task.status === 'succeeded') return task;
  throw new DrillError({
    code: 'tool-failed',
    service: 'search',
    what: `the ${kind} of the search server was not taken`,
    expected: 'a task that succeeds',
    actual: `${task.status}: ${task.error?.message ?? 'no reason given'}`,
  });
}

function pathOf(kind: SearchBackupKind, { details }: Task): string {
  // A snapshot is named after the folder of the data, and the next one takes its place.
  if (kind === 'snapshot') return 'snapshots/data.ms.snapshot';
  return `dumps/${String(details?.dumpUid)}.dump`;
}
