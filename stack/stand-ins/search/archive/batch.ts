import { apiTypeOf, type TaskRecord } from '../tasks/task-record.ts';
import { detailsView } from '../tasks/task-view.ts';

/** The batch of a task as a line of `batches/queue.jsonl`: here every task is its own batch. None for one that waits. */
export function batchOf(task: TaskRecord): Record<string, unknown> | undefined {
  const { batchUid, status, type, indexUid, startedAt, finishedAt, enqueuedAt } = task;
  if (batchUid === null || !startedAt || !finishedAt) return undefined;
  const kind = apiTypeOf(type);
  return {
    uid: batchUid,
    details: detailsView(task.details) ?? {},
    stats: {
      totalNbTasks: 1,
      status: { [status]: 1 },
      types: { [kind]: 1 },
      indexUids: indexUid === null ? {} : { [indexUid]: 1 },
      progressTrace: {},
    },
    startedAt,
    finishedAt,
    enqueuedAt: { earliest: enqueuedAt, oldest: enqueuedAt },
    stopReason: `created batch containing only task with id ${batchUid} of type \`${kind}\` that cannot be batched with any other task.`,
  };
}
