import type { DatabaseSync } from 'node:sqlite';
import type { TaskContent, TaskDetails, TaskError, TaskRecord, TaskStatus } from '../tasks/task-record.ts';
import { apiTypeOf } from '../tasks/task-record.ts';
import { rows, run } from './database.ts';
import { selectionOf, type TaskQuery } from './task-query.ts';

/** The queue and its history: the database `tasks/data.mdb`. */
export interface TaskStore {
  readonly database: DatabaseSync;
  nextUid(): number;
  /** Adds a task with a uid of its own, also a finished one of a dump. */
  add(task: TaskRecord): void;
  get(uid: number): TaskRecord | undefined;
  /** The oldest one that waits. */
  nextEnqueued(): TaskRecord | undefined;
  start(uid: number, startedAt: string): void;
  finish(
    uid: number,
    end: { status: TaskStatus; details: TaskDetails; error: TaskError | null; finishedAt: string },
  ): void;
  /** What was under way when the process died is done again. */
  requeueInterrupted(): void;
  /** Newest first unless the query says otherwise; `total` counts beyond the page. */
  find(query: TaskQuery): { tasks: TaskRecord[]; total: number };
  /** All tasks by uid, page by page. */
  all(): Generator<TaskRecord>;
  /** Uid of the task of an index that is under way. */
  processingIndex(): string | undefined;
  /** After a swap, earlier tasks are told under the other name, as a real server does. */
  renameEarlier(beforeUid: number, names: ReadonlyMap<string, string>): void;
}

export const taskSchema = `
  CREATE TABLE IF NOT EXISTS tasks (
    uid INTEGER PRIMARY KEY, index_uid TEXT, status TEXT NOT NULL, type TEXT NOT NULL, enqueued_at TEXT NOT NULL,
    started_at TEXT, finished_at TEXT, task TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS tasks_by_status ON tasks (status, uid);
`;

export function taskStore(database: DatabaseSync): TaskStore {
  const parsed = ({ task }: { task: string }): TaskRecord => JSON.parse(task) as TaskRecord;
  const get = (uid: number): TaskRecord | undefined => {
    const found = rows<{ task: string }>(database, 'SELECT task FROM tasks WHERE uid = ?', uid)[0];
    return found && parsed(found);
  };

  function save(task: TaskRecord): void {
    const sql = `INSERT OR REPLACE INTO tasks (uid, index_uid, status, type, enqueued_at, started_at, finished_at, task)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
    const { uid, indexUid, status, enqueuedAt, startedAt, finishedAt } = task;
    const columns = [uid, indexUid, status, apiTypeOf(task.type), enqueuedAt, startedAt ?? null, finishedAt ?? null];
    run(database, sql, ...columns, JSON.stringify(task));
  }

  function change(uid: number, changes: Partial<TaskRecord>): void {
    const task = get(uid);
    if (task) save({ ...task, ...changes });
  }

  function firstOf(status: TaskStatus): TaskRecord | undefined {
    const found = rows<{ task: string }>(
      database,
      'SELECT task FROM tasks WHERE status = ? ORDER BY uid LIMIT 1',
      status,
    )[0];
    return found && parsed(found);
  }

  return {
    database,
    get,
    add: save,
    nextUid: () => (rows<{ uid: number | null }>(database, 'SELECT max(uid) AS uid FROM tasks')[0]?.uid ?? -1) + 1,
    nextEnqueued: () => firstOf('enqueued'),
    start: (uid, startedAt) => change(uid, { status: 'processing', batchUid: uid, startedAt }),
    finish: (uid, { error, ...end }) => change(uid, { ...end, ...(error && { error }) }),
    requeueInterrupted() {
      for (let task = firstOf('processing'); task; task = firstOf('processing')) {
        const { startedAt: _, ...waiting } = task;
        save({ ...waiting, status: 'enqueued', batchUid: null });
      }
    },
    find(query) {
      const { where, values, page, order } = selectionOf(query);
      const total = rows<{ total: number }>(
        database,
        `SELECT count(*) AS total FROM tasks WHERE ${where}`,
        ...values,
      )[0]?.total;
      const sql = `SELECT task FROM tasks WHERE ${where} AND ${page.sql} ORDER BY uid ${order} LIMIT ?`;
      const found = rows<{ task: string }>(database, sql, ...values, ...page.values, query.limit + 1);
      return { tasks: found.map(parsed), total: total ?? 0 };
    },
    *all() {
      for (let after = -1; ;) {
        const page = rows<{ task: string }>(
          database,
          'SELECT task FROM tasks WHERE uid > ? ORDER BY uid LIMIT 500',
          after,
        );
        for (const task of page.map(parsed)) yield task;
        if (page.length === 0) return;
        after = parsed(page.at(-1) as { task: string }).uid;
      }
    },
    processingIndex: () => firstOf('processing')?.indexUid ?? undefined,
    renameEarlier(beforeUid, names) {
      const earlier = rows<{ task: string }>(database, 'SELECT task FROM tasks WHERE uid < ?', beforeUid).map(parsed);
      for (const task of earlier) {
        const renamed = withNames(task, names);
        if (renamed !== task) save(renamed);
      }
    },
  };
}

function withNames(task: TaskRecord, names: ReadonlyMap<string, string>): TaskRecord {
  const swap = typeof task.type === 'object' && 'indexSwap' in task.type ? task.type.indexSwap : undefined;
  if (swap) {
    const swaps = swap.swaps.map(({ indexes, ...rest }) => ({
      ...rest,
      indexes: indexes.map((uid) => names.get(uid) ?? uid),
    }));
    const type = { indexSwap: { swaps } } as TaskContent;
    return { ...task, type, details: { IndexSwap: { swaps } } };
  }
  const other = task.indexUid === null ? undefined : names.get(task.indexUid);
  return other === undefined ? task : { ...task, indexUid: other };
}
