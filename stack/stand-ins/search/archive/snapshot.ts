import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { backup, type DatabaseSync } from 'node:sqlite';
import { openDatabase, run } from '../store/database.ts';
import type { TaskOutcome } from '../tasks/scheduler.ts';
import type { TaskContext } from '../tasks/task-context.ts';
import { packFolder, unpackArchive } from './archive.ts';

/**
 * Writes `<name of the data folder>.snapshot`: the files of the data folder, gzip-compressed tar. Only the stand-in reads it
 * again: the databases in it are its own. The task that writes it is not in it, as with a real server.
 */
export async function writeSnapshot({ data, folders, task, signal }: TaskContext): Promise<TaskOutcome> {
  const folder = await data.temporaryFolder();
  try {
    await copyFile(join(data.path, 'VERSION'), join(folder, 'VERSION'));
    await cp(join(data.path, 'update_files'), join(folder, 'update_files'), { recursive: true });
    const tasks = await copyDatabase(data.tasks.database, join(folder, 'tasks'));
    forgetTask(tasks, task.uid);
    await copyDatabase(data.keys.database, join(folder, 'auth'));
    for (const { uid, folder: name } of data.indexes.list()) {
      signal.throwIfAborted();
      await copyDatabase(data.indexes.store(uid).reader, join(folder, 'indexes', name));
    }
    await packFolder(folder, join(folders.snapshotFolder, `${basename(data.path)}.snapshot`));
    return { details: null };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Unpacks a snapshot into an empty data folder. */
export async function readSnapshot(file: string, dataFolder: string): Promise<void> {
  await mkdir(dataFolder, { recursive: true });
  await unpackArchive(file, dataFolder);
}

async function copyDatabase(database: DatabaseSync, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'data.mdb');
  await backup(database, file);
  return file;
}

function forgetTask(file: string, uid: number): void {
  const database = openDatabase(file);
  try {
    run(database, 'DELETE FROM tasks WHERE uid = ?', uid);
    database.exec('PRAGMA journal_mode = DELETE');
  } finally {
    database.close();
  }
}
