import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '../../../domain/clock.ts';
import { DrillError, messageOf } from '../../../domain/drill-error.ts';
import { readDump } from './archive/read-dump.ts';
import { readSnapshot } from './archive/snapshot.ts';
import type { SearchOptions } from './options.ts';
import { isEmptyFolder, openDataFolder, type DataFolder } from './store/data-folder.ts';
import { defaultKeys } from './store/key-store.ts';

/** One of the two things that a server can start from. */
interface Import {
  file: string;
  noun: 'dump' | 'snapshot';
  ignoreMissing: boolean;
  ignoreIfDatabaseExists: boolean;
}

/**
 * Opens the data folder as the options ask: as it is, new, or filled from a dump or a snapshot. Throws in the words of a
 * real server; an import that fails leaves no data folder behind.
 */
export async function openData(options: SearchOptions): Promise<DataFolder> {
  const { dbPath } = options;
  const source = importOf(options);
  const data = source && mustImport(source, dbPath) ? await imported(source, dbPath) : openDataFolder(resolve(dbPath));
  if (options.masterKey !== undefined && data.keys.list().length === 0) {
    for (const key of defaultKeys(systemClock.now().toISOString())) data.keys.add(key);
  }
  return data;
}

function importOf(options: SearchOptions): Import | undefined {
  if (options.importSnapshot !== undefined) {
    const { importSnapshot: file, ignoreMissingSnapshot, ignoreSnapshotIfDbExists } = options;
    return {
      file,
      noun: 'snapshot',
      ignoreMissing: ignoreMissingSnapshot,
      ignoreIfDatabaseExists: ignoreSnapshotIfDbExists,
    };
  }
  if (options.importDump === undefined) return undefined;
  const { importDump: file, ignoreMissingDump, ignoreDumpIfDbExists } = options;
  return { file, noun: 'dump', ignoreMissing: ignoreMissingDump, ignoreIfDatabaseExists: ignoreDumpIfDbExists };
}

function mustImport({ file, noun, ignoreMissing, ignoreIfDatabaseExists }: Import, dbPath: string): boolean {
  const isThere = existsSync(file);
  if (!isEmptyFolder(dbPath)) {
    if (ignoreIfDatabaseExists) return false;
    const what = `database already exists at ${JSON.stringify(realpathSync(dbPath))}, try to delete it or rename it`;
    throw new DrillError({ code: 'configuration', what });
  }
  if (isThere) return true;
  if (ignoreMissing) return false;
  throw new DrillError({ code: 'configuration', what: `${noun} doesn't exist at ${JSON.stringify(file)}` });
}

async function imported({ file, noun }: Import, dbPath: string): Promise<DataFolder> {
  const path = resolve(dbPath);
  let data: DataFolder | undefined;
  try {
    if (noun === 'snapshot') {
      await readSnapshot(file, path);
      return openDataFolder(path);
    }
    mkdirSync(path, { recursive: true });
    data = openDataFolder(path);
    await readDump(file, data);
    return data;
  } catch (error) {
    data?.close();
    rmSync(path, { recursive: true, force: true });
    throw new DrillError({ code: 'restore-failed', what: messageOf(error), cause: error });
  }
}
