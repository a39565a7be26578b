import type { Clock } from '../../../../domain/clock.ts';
import type { DataFolder } from '../store/data-folder.ts';
import type { TaskRecord } from './task-record.ts';

export interface TaskFolders {
  dumpFolder: string;
  snapshotFolder: string;
}

/** What every kind of task works with. */
export interface TaskContext {
  data: DataFolder;
  clock: Clock;
  folders: TaskFolders;
  signal: AbortSignal;
  task: TaskRecord;
  /** Empty for a task that is about no single index. */
  indexUid: string;
}
