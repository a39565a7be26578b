import type { RefusalBody } from '../refusal.ts';
import type { SettingsPatch } from '../settings.ts';

/** Where a task stands. */
export const taskStatuses = ['enqueued', 'processing', 'succeeded', 'failed', 'canceled'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export type TaskError = RefusalBody;

export interface Swap {
  indexes: string[];
  rename: boolean;
}

/** What a task does, in the words of `tasks/queue.jsonl` of a dump (format V6). */
export type TaskContent =
  | { indexCreation: { primary_key: string | null } }
  | { indexUpdate: { primary_key: string | null; uid: null } }
  | 'indexDeletion'
  | { settings: { settings: SettingsPatch; is_deletion: boolean; allow_index_creation: boolean } }
  | {
      documentImport: {
        primary_key: string | null;
        method: 'ReplaceDocuments' | 'UpdateDocuments';
        documents_count: number;
        allow_index_creation: boolean;
      };
    }
  | { documentDeletion: { documents_ids: string[] } }
  | { documentDeletionByFilter: { filter: unknown } }
  | 'documentClear'
  | { indexSwap: { swaps: Swap[] } }
  | { dumpCreation: { keys: unknown[]; instance_uid: null } }
  | 'snapshotCreation';

/** What a task says of its work, in the words of a dump. `null` for a task that says nothing. */
export type TaskDetails = { [kind: string]: Record<string, unknown> } | null;

/** A task as a line of `tasks/queue.jsonl`; kept like this, so that a dump of a real server comes through unchanged. */
export interface TaskRecord {
  uid: number;
  batchUid: number | null;
  indexUid: string | null;
  status: TaskStatus;
  type: TaskContent;
  details: TaskDetails;
  error?: TaskError;
  canceledBy?: number;
  /** ISO 8601. */
  enqueuedAt: string;
  startedAt?: string;
  finishedAt?: string;
}

/** Types of the API by the kinds of a dump; what is not listed has one name. */
const apiTypes: Record<string, string> = {
  settings: 'settingsUpdate',
  documentImport: 'documentAdditionOrUpdate',
  documentDeletionByFilter: 'documentDeletion',
  documentClear: 'documentDeletion',
};

/** Types of the API, as the message of a wrong filter lists them. */
export const apiTaskTypes = [
  'documentAdditionOrUpdate',
  'documentEdition',
  'documentDeletion',
  'settingsUpdate',
  'indexCreation',
  'indexDeletion',
  'indexUpdate',
  'indexSwap',
  'taskCancelation',
  'taskDeletion',
  'dumpCreation',
  'snapshotCreation',
  'export',
  'upgradeDatabase',
  'indexCompaction',
] as const;

export function apiTypeOf(content: TaskContent): string {
  const kind = typeof content === 'string' ? content : (Object.keys(content)[0] ?? '');
  return apiTypes[kind] ?? kind;
}

/** Details of a task that failed: nothing of it was done. */
export function failedDetails(details: TaskDetails): TaskDetails {
  const nothing = { indexed_documents: 0, deleted_documents: 0 };
  const undone = Object.entries(details ?? {}).map(([kind, values]) => [
    kind,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, name in nothing ? 0 : value])),
  ]);
  return details && Object.fromEntries(undone);
}
