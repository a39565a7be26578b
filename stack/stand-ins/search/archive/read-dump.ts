import { existsSync, readdirSync } from 'node:fs';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { linesOf } from '../lines.ts';
import { log } from '../log.ts';
import { defaultSettings, settingsWithoutEffect, withPatch, type SettingsPatch } from '../settings.ts';
import type { DataFolder } from '../store/data-folder.ts';
import { inTransaction } from '../store/database.ts';
import type { StoredKey } from '../store/key-store.ts';
import { writeDocuments } from '../tasks/process-documents.ts';
import { applySettings } from '../tasks/process-index.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import { unpackArchive } from './archive.ts';

/**
 * Fills an empty data folder from a dump in format V6, of the stand-in or of a real server: keys, tasks with the documents
 * that still wait, indexes with settings and documents. Throws on a dump that is incomplete or of another format.
 */
export async function readDump(file: string, data: DataFolder): Promise<void> {
  const folder = await data.temporaryFolder();
  try {
    await unpackArchive(file, folder);
    const { dumpVersion } = JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8')) as {
      dumpVersion?: string;
    };
    if (dumpVersion !== 'V6') {
      throw new Error(`The dump has the format ${String(dumpVersion)}; the stand-in reads V6 only.`);
    }
    await readKeys(join(folder, 'keys.jsonl'), data);
    for (const uid of readdirSync(join(folder, 'indexes'))) await readIndex(join(folder, 'indexes', uid), data);
    await readTasks(join(folder, 'tasks'), data);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readKeys(file: string, data: DataFolder): Promise<void> {
  if (!existsSync(file)) return;
  const keys: StoredKey[] = [];
  for await (const line of linesOf(file)) keys.push(JSON.parse(line) as StoredKey);
  // The newest stands first in the file, and the list of keys is told the newest first.
  for (const key of keys.toReversed()) data.keys.add(key);
}

async function readIndex(folder: string, data: DataFolder): Promise<void> {
  const metadata = JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8')) as {
    uid: string;
    primaryKey: string | null;
    createdAt: string;
    updatedAt: string;
  };
  const patch = JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8')) as SettingsPatch;
  const { uid, primaryKey, updatedAt } = metadata;
  const settings = withPatch(defaultSettings, patch);
  for (const name of settingsWithoutEffect) {
    if (JSON.stringify(settings[name]) === JSON.stringify(defaultSettings[name])) continue;
    log('WARN', `the setting ${name} of the index ${uid} is kept, but has no effect in the stand-in`);
  }
  data.indexes.enter(uid, data.indexes.create(metadata));
  const store = data.indexes.store(uid);
  const { signal } = new AbortController();
  await applySettings(store, defaultSettings, settings, updatedAt, signal);
  const lines = linesOf(join(folder, 'documents.jsonl'));
  await writeDocuments(store, lines, { primaryKey, method: 'replace', updatedAt, signal });
  data.indexes.refreshStats(uid);
}

async function readTasks(folder: string, data: DataFolder): Promise<void> {
  const waiting: number[] = [];
  const tasks: TaskRecord[] = [];
  for await (const line of linesOf(join(folder, 'queue.jsonl'))) {
    const task = JSON.parse(line) as TaskRecord;
    tasks.push(task);
    if (task.status === 'enqueued') waiting.push(task.uid);
    if (tasks.length === 1000) addTasks(tasks.splice(0), data);
  }
  addTasks(tasks, data);
  for (const uid of waiting) {
    const file = join(folder, 'update_files', `${uid}.jsonl`);
    if (existsSync(file)) await copyFile(file, data.updateFile(uid));
  }
}

function addTasks(tasks: TaskRecord[], data: DataFolder): void {
  inTransaction(data.tasks.database, () => {
    for (const task of tasks) data.tasks.add(task);
  });
}
