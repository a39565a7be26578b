import { apiTypeOf, type TaskDetails, type TaskRecord } from './task-record.ts';

/** What the API shows of a task. */
export function taskView(task: TaskRecord): Record<string, unknown> {
  const { uid, batchUid, indexUid, status, type, canceledBy, error, enqueuedAt, startedAt, finishedAt } = task;
  const details = detailsView(task.details);
  return {
    uid,
    batchUid,
    indexUid,
    status,
    type: apiTypeOf(type),
    canceledBy: canceledBy ?? null,
    ...(details && { details }),
    error: error ?? null,
    duration: startedAt && finishedAt ? duration(startedAt, finishedAt) : null,
    enqueuedAt,
    startedAt: startedAt ?? null,
    finishedAt: finishedAt ?? null,
  };
}

/** What the API answers at once to a request that became a task. */
export function taskSummary({ uid, indexUid, status, type, enqueuedAt }: TaskRecord): Record<string, unknown> {
  return { taskUid: uid, indexUid, status, type: apiTypeOf(type), enqueuedAt };
}

export function detailsView(details: TaskDetails): Record<string, unknown> | undefined {
  const [kind, values] = Object.entries(details ?? {})[0] ?? [];
  if (!kind || !values) return undefined;
  switch (kind) {
    case 'IndexInfo':
      return { primaryKey: values['primary_key'] };
    case 'SettingsUpdate':
      return values['settings'] as Record<string, unknown>;
    case 'DocumentDeletion':
      return {
        providedIds: values['provided_ids'],
        deletedDocuments: values['deleted_documents'],
        originalFilter: null,
      };
    case 'DocumentDeletionByFilter':
      return {
        providedIds: 0,
        deletedDocuments: values['deleted_documents'],
        originalFilter: values['original_filter'],
      };
    default:
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value]));
  }
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** ISO 8601 duration in seconds with nine decimals, as a real server writes it. */
function duration(from: string, to: string): string {
  const nanoseconds = instantNs(to) - instantNs(from);
  return `PT${nanoseconds / 1_000_000_000n}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}S`;
}

/** Nanoseconds since 1970: instants of a real server have nine decimals, more than a `Date` holds. */
function instantNs(instant: string): bigint {
  const [whole = '', fraction = ''] = instant.replace('Z', '').split('.');
  return BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
}
