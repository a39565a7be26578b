import { rmSync } from 'node:fs';
import type { Clock } from '../../../../domain/clock.ts';
import { log } from '../log.ts';
import { asRefusal } from '../refusal.ts';
import { inTransaction } from '../store/database.ts';
import type { DataFolder } from '../store/data-folder.ts';
import { failedDetails, type TaskContent, type TaskDetails, type TaskRecord } from './task-record.ts';

/** What a task has done. `commit` changes the list of indexes in the transaction that marks the task as succeeded. */
export interface TaskOutcome {
  details: TaskDetails;
  commit?: () => void;
}

export type TaskWork = (task: TaskRecord, signal: AbortSignal) => Promise<TaskOutcome>;

export interface NewTask {
  indexUid: string | null;
  content: TaskContent;
  details: TaskDetails;
  /** Writes the documents of the task into a file. It throws before anything is enqueued. */
  writeDocuments?: (file: string) => number;
}

export interface Scheduler {
  enqueue(task: NewTask): TaskRecord;
  /** Goes to work on what waits. */
  wake(): void;
  /** Ends the task that is under way without a trace: it is done again at the next start. */
  stop(): Promise<void>;
}

/** Works on tasks one by one in the order of their uids; each is its own batch. */
export function taskScheduler(data: DataFolder, work: TaskWork, clock: Clock): Scheduler {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  const now = (): string => clock.now().toISOString();

  async function drain(): Promise<void> {
    for (let task = data.tasks.nextEnqueued(); task && !stopping.signal.aborted; task = data.tasks.nextEnqueued()) {
      data.tasks.start(task.uid, now());
      await settle(task);
    }
  }

  async function settle(task: TaskRecord): Promise<void> {
    try {
      const { details, commit } = await work(task, stopping.signal);
      inTransaction(data.tasks.database, () => {
        commit?.();
        if (task.indexUid !== null) data.indexes.refreshStats(task.indexUid);
        data.tasks.finish(task.uid, { status: 'succeeded', details, error: null, finishedAt: now() });
      });
    } catch (error) {
      if (stopping.signal.aborted) return;
      const refusal = asRefusal(error);
      if (refusal.type === 'internal') log('ERROR', `task ${task.uid} failed: ${refusal.message}`);
      const end = { status: 'failed' as const, details: failedDetails(task.details), error: refusal.body() };
      data.tasks.finish(task.uid, { ...end, finishedAt: now() });
    }
    rmSync(data.updateFile(task.uid), { force: true });
    data.indexes.sweep();
  }

  function wake(): void {
    running ??= drain()
      .catch((error: unknown) => log('ERROR', `the queue of tasks has stopped: ${asRefusal(error).message}`))
      .finally(() => {
        running = undefined;
      });
  }

  return {
    wake,
    enqueue({ indexUid, content, details, writeDocuments }) {
      const uid = data.tasks.nextUid();
      const received = writeDocuments?.(data.updateFile(uid));
      const task: TaskRecord = {
        uid,
        batchUid: null,
        indexUid,
        status: 'enqueued',
        type: withCount(content, received),
        details:
          received === undefined
            ? details
            : { ...details, DocumentAdditionOrUpdate: { received_documents: received, indexed_documents: null } },
        enqueuedAt: now(),
      };
      data.tasks.add(task);
      setImmediate(wake);
      return task;
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function withCount(content: TaskContent, received: number | undefined): TaskContent {
  if (received === undefined || typeof content !== 'object' || !('documentImport' in content)) return content;
  return { documentImport: { ...content.documentImport, documents_count: received } };
}
