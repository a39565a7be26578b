import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from '../../../programs/execa.ts';
import getPort from 'get-port';
import pRetry, { AbortError } from 'p-retry';

/** The program of a search server: a binary, or Node with the stand-in. */
export interface SearchProgram {
  file: string;
  args: readonly string[];
}

export const standInProgram: SearchProgram = {
  file: process.execPath,
  args: [fileURLToPath(new URL('../../../stack/stand-ins/search/main.ts', import.meta.url))],
};

export interface SearchProcess extends AsyncDisposable {
  url: string;
  pid: number;
  log(): string;
  /** Ends it and says its exit code; none when the signal itself ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | undefined>;
}

/** How a process ended that was not to start. */
export interface FailedStart {
  exitCode: number | undefined;
  /** Lines of its log. */
  lines: string[];
}

export interface SearchLaunch {
  program?: SearchProgram;
  /** Working folder: data, dumps and snapshots have their default places in it. */
  folder: string;
  args?: readonly string[];
  /** Empty for a server without one. */
  masterKey: string;
}

/** Starts a search server and waits until it is healthy. Throws with its log when it ends before. */
export async function startSearch(launch: SearchLaunch): Promise<SearchProcess> {
  const port = await getPort();
  const url = `http://127.0.0.1:${port}`;
  const child = launched(launch, port);
  let lines = '';
  child.all.on('data', (chunk: Buffer) => (lines += chunk.toString()));
  const ended = child.then((result) => result);
  let exited = false;
  void ended.then(() => (exited = true));
  const healthy = async (): Promise<void> => {
    if (exited) throw new AbortError(`the search server ended before it was healthy:\n${lines}`);
    const answer = await fetch(`${url}/health`);
    if (!answer.ok) throw new Error(`health answered ${answer.status}`);
  };
  await pRetry(healthy, { retries: 600, factor: 1, minTimeout: 50, maxTimeout: 50 });
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | undefined> => {
    if (!exited) child.kill(signal);
    return (await ended).exitCode;
  };
  return {
    url,
    pid: child.pid ?? 0,
    log: () => lines,
    end,
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  };
}

/** Starts a search server that must end by itself within ten seconds. */
export async function failToStart(launch: SearchLaunch): Promise<FailedStart> {
  const { exitCode, all, timedOut } = await launched(launch, await getPort(), 10_000);
  if (timedOut) throw new Error(`the search server was to end, but ran on:\n${all}`);
  return { exitCode, lines: all.split('\n') };
}

/** A new folder that is deleted with what is in it when the scope ends. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'firedrill-search-contract-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function launched(
  { program = standInProgram, folder, args = [], masterKey }: SearchLaunch,
  port: number,
  timeoutMs = 0,
) {
  const address = ['--http-addr', `127.0.0.1:${port}`, '--no-analytics'];
  return execa(program.file, [...program.args, ...address, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, MEILI_MASTER_KEY: masterKey },
    extendEnv: false,
    all: true,
    reject: false,
    timeout: timeoutMs,
  });
}
