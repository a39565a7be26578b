import { lstat, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { engineNames } from '../../domain/service.ts';
import { runFolderPrefix, runIdPattern, type NotedProcess, type RunFile } from './run-marks.ts';

/** A folder of a run, as it lies in the temporary folder. */
export interface RunFolder {
  runId: string;
  folder: string;
  file: RunFile;
}

const identity = z.object({ pid: z.int().positive(), startTime: z.string().min(1) });
const runFile = z.object({
  runId: z.string(),
  owner: identity,
  engine: z.enum(engineNames),
  startedAt: z.string(),
});
const notedProcess = identity.extend({ what: z.string() });

/**
 * The folders of all runs of this user: those that have a `run.json` which names them. Folders of other users are left
 * out: the temporary folder is open to everybody, and a folder that somebody else has made must not name the processes
 * that this user ends.
 */
export async function findRunFolders(): Promise<RunFolder[]> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(runFolderPrefix));
  const found = await Promise.all(names.map((name) => readRunFolder(name)));
  return found.filter((entry) => entry !== undefined);
}

/** The processes that a run has noted; a line that is not whole is left out. */
export async function readNotedProcesses(folder: string): Promise<NotedProcess[]> {
  const text = await readFile(join(folder, 'processes.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .map((line) => notedProcess.safeParse(parseJson(line)).data)
    .filter((noted) => noted !== undefined);
}

async function readRunFolder(name: string): Promise<RunFolder | undefined> {
  const runId = name.slice(runFolderPrefix.length);
  const folder = join(tmpdir(), name);
  const found = await lstat(folder).catch(() => undefined);
  const isOurs = found?.isDirectory() === true && (process.getuid === undefined || found.uid === process.getuid());
  if (!isOurs || !runIdPattern.test(runId)) return undefined;
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => '');
  const file = runFile.safeParse(parseJson(text)).data;
  return file?.runId === runId ? { runId, folder, file } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
