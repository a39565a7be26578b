import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase } from './database.ts';
import { indexRegistry, registrySchema, type IndexRegistry } from './index-registry.ts';
import { openKeyStore, type KeyStore } from './key-store.ts';
import { taskSchema, taskStore, type TaskStore } from './task-store.ts';

/** Version of the server that the stand-in takes the place of. */
export const engineVersion = '1.50.0';

/** Everything on disk, laid out as a real server does: `VERSION`, `auth`, `tasks`, `indexes/<uuid>`, `update_files`. */
export interface DataFolder {
  readonly path: string;
  readonly keys: KeyStore;
  readonly tasks: TaskStore;
  readonly indexes: IndexRegistry;
  /** Where the documents of a task wait for it, one JSON document a line. */
  updateFile(taskUid: number): string;
  /** A new folder for what must not outlive a task; it is within the data folder, so that it goes when that goes. */
  temporaryFolder(): Promise<string>;
  close(): void;
}

/** True when there is nothing in it, or no folder at all. */
export function isEmptyFolder(path: string): boolean {
  return !existsSync(path) || readdirSync(path).length === 0;
}

/** Opens a data folder, or makes a new one where there is none. Throws when its version is not this one's. */
export function openDataFolder(path: string): DataFolder {
  if (isEmptyFolder(path)) {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'VERSION'), engineVersion);
  }
  requireVersion(path);
  rmSync(join(path, 'temporary'), { recursive: true, force: true });
  for (const folder of ['indexes', 'update_files', 'temporary']) mkdirSync(join(path, folder), { recursive: true });
  const database = createDatabase(join(path, 'tasks', 'data.mdb'), taskSchema + registrySchema);
  const keys = openKeyStore(join(path, 'auth', 'data.mdb'));
  const tasks = taskStore(database);
  const indexes = indexRegistry(database, join(path, 'indexes'));
  tasks.requeueInterrupted();
  indexes.sweep();
  const updateFile = (taskUid: number): string => join(path, 'update_files', `${taskUid}.jsonl`);
  for (const name of readdirSync(join(path, 'update_files'))) {
    const task = tasks.get(Number.parseInt(name, 10));
    if (task?.status !== 'enqueued') rmSync(join(path, 'update_files', name));
  }
  return {
    path,
    keys,
    tasks,
    indexes,
    updateFile,
    temporaryFolder: () => mkdtemp(join(path, 'temporary', 'task-')),
    close() {
      indexes.close();
      keys.close();
      database.close();
    },
  };
}

function requireVersion(path: string): void {
  const file = join(path, 'VERSION');
  if (!existsSync(file)) {
    throw new Error(
      'Version file is missing or the previous Meilisearch engine version was below 0.25.0. Use a dump to update Meilisearch.',
    );
  }
  const version = readFileSync(file, 'utf8').trim();
  const parts = version.split('.');
  if (parts.length !== 3 || parts.some((part) => !/^\d+$/.test(part))) {
    throw new Error(
      `Version file is corrupted and thus Meilisearch is unable to determine the version of the database. ${partsFault(parts)}`,
    );
  }
  if (version !== engineVersion) {
    throw new Error(
      `Your database version (${version}) is incompatible with your current engine version (${engineVersion}).`,
    );
  }
}

function partsFault(parts: string[]): string {
  if (parts.length !== 3) {
    return `The version contains ${parts.length} parts instead of 3 (major, minor and patch)`;
  }
  return 'The version could not be parsed: invalid digit found in string';
}
