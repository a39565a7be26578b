import type { Clock } from '../../../../domain/clock.ts';
import { writeDump } from '../archive/write-dump.ts';
import { writeSnapshot } from '../archive/snapshot.ts';
import type { DataFolder } from '../store/data-folder.ts';
import { clearDocuments, deleteByFilter, deleteByIds, importDocuments } from './process-documents.ts';
import { changeSettings, createIndex, deleteIndex, swapIndexes, updateIndex } from './process-index.ts';
import type { TaskOutcome, TaskWork } from './scheduler.ts';
import type { TaskContext, TaskFolders } from './task-context.ts';
import type { TaskContent } from './task-record.ts';

/** The work behind each kind of task. */
export function taskWork(data: DataFolder, clock: Clock, folders: TaskFolders): TaskWork {
  return (task, signal) =>
    processContent(task.type, { data, clock, folders, signal, task, indexUid: task.indexUid ?? '' });
}

async function processContent(content: TaskContent, context: TaskContext): Promise<TaskOutcome> {
  if (content === 'indexDeletion') return deleteIndex(context);
  if (content === 'documentClear') return clearDocuments(context);
  if (content === 'snapshotCreation') return writeSnapshot(context);
  if ('indexCreation' in content) return createIndex(context, content.indexCreation.primary_key);
  if ('indexUpdate' in content) return updateIndex(context, content.indexUpdate.primary_key);
  if ('settings' in content) return changeSettings(context, content.settings);
  if ('documentImport' in content) return importDocuments(context, content.documentImport);
  if ('documentDeletion' in content) return deleteByIds(context, content.documentDeletion.documents_ids);
  if ('documentDeletionByFilter' in content) return deleteByFilter(context, content.documentDeletionByFilter.filter);
  if ('indexSwap' in content) return swapIndexes(context, content.indexSwap.swaps);
  if ('dumpCreation' in content) return writeDump(context);
  throw new Error(`a task of the kind ${JSON.stringify(Object.keys(content))} is not known here`);
}
