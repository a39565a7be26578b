import { randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { systemClock, type Clock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { EngineName } from '../domain/service.ts';
import { silentProgress, type Progress } from '../domain/timeline.ts';
import { identify, type ProcessIdentity } from './marks/process-identity.ts';
import { listSharedMemory, type SharedMemorySegment } from './marks/shared-memory.ts';
import { runFolderOf, runIdPattern, type NotedProcess, type RunFile } from './marks/run-marks.ts';
import { assertReachable, makeOwnFolder, type SystemUser } from './system-user.ts';
import { connectDirectly } from './own-environment.ts';

export type { NotedProcess } from './marks/run-marks.ts';

/** What everything that a run starts is marked with, so that it can be found again without the run's own books. */
export interface RunContext extends AsyncDisposable {
  readonly runId: string;
  readonly engine: EngineName;
  /** Folder of the run on the host; others may pass it where servers run as another user, but never list it. */
  readonly folder: string;
  /** The process that owns the run. While it lives, nobody else touches what is marked. */
  readonly owner: ProcessIdentity;
  readonly clock: Clock;
  readonly progress: Progress;
  /** Ends every start-up of the run when it aborts. */
  readonly signal: AbortSignal;
  /** Aborts `signal`: start-ups that are under way end, and there will be no further ones. */
  stopStarting(): void;
  /** A TCP port on 127.0.0.1 that nobody listens on; never the same twice in a run. */
  freePort(): Promise<number>;
  /** All ports that `freePort` has handed out. */
  ports(): readonly number[];
  /** Notes a process in `processes.jsonl` at once, so that it is found even when this process dies next. */
  noteProcess(pid: number, what: string): void;
  /** All processes that were noted, the ended ones too. */
  processes(): readonly NotedProcess[];
  /** The shared memory of this machine when the run began, which is not the run's. */
  readonly segmentsBefore: readonly SharedMemorySegment[];
  /** A new folder in the run's folder, 0700 for `user`; the name is made unique by a number. */
  makeFolder(name: string, user?: SystemUser): Promise<string>;
  /** The same number is never given twice: for names that must differ. */
  nextNumber(): number;
}

export interface RunOptions {
  runId: string;
  engine: EngineName;
  clock?: Clock;
  progress?: Progress;
  signal?: AbortSignal;
}

/**
 * Begins a run: makes its folder with `run.json` in it. Disposing it removes the folder; what runs in it has to be
 * ended before. Throws a `DrillError` when the id does not fit a path or a run of this id exists.
 */
export async function createRunContext(options: RunOptions): Promise<RunContext> {
  const { runId, engine, clock = systemClock, progress = silentProgress } = options;
  const stopping = new AbortController();
  const signal = options.signal ? AbortSignal.any([stopping.signal, options.signal]) : stopping.signal;
  assertRunId(runId);
  connectDirectly();
  const owner = ownIdentity();
  const folder = await makeRunFolder({ runId, owner, engine, startedAt: clock.now().toISOString() });
  const segmentsBefore = await listSharedMemory();
  const ports = new Set<number>();
  const processes: NotedProcess[] = [];
  let lastNumber = 0;
  const nextNumber = (): number => ++lastNumber;

  return {
    runId,
    engine,
    folder,
    owner,
    clock,
    progress,
    signal,
    segmentsBefore,
    stopStarting: () => stopping.abort(),
    nextNumber,
    ports: () => [...ports],
    processes: () => processes,
    freePort: async () => {
      const port = await getPort({ host: '127.0.0.1', port: candidatePorts(), exclude: ports });
      ports.add(port);
      return port;
    },
    noteProcess: (pid, what) => {
      // One that has ended already needs no note: there is nothing left of it to find.
      const identity = identify(pid);
      if (identity === undefined) return;
      processes.push({ ...identity, what });
      appendFileSync(join(folder, 'processes.jsonl'), `${JSON.stringify({ ...identity, what })}\n`);
    },
    makeFolder: async (name, user) => {
      await assertReachable(folder, user);
      return makeOwnFolder(join(folder, `${name}-${nextNumber()}`), user);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function makeRunFolder(file: RunFile): Promise<string> {
  const folder = runFolderOf(file.runId);
  // Root starts servers as another user, who has to pass the folder on the way to its own.
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  // Not recursive: a folder that somebody else has put there is refused.
  await mkdir(folder, { mode }).catch((cause: unknown) => {
    throw new DrillError({
      code: 'configuration',
      what: 'the folder of the run could not be made',
      expected: 'a new folder',
      actual: cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause),
      where: folder,
      cause,
    });
  });
  await writeFile(join(folder, 'run.json'), `${JSON.stringify(file, undefined, 2)}\n`);
  return folder;
}

/** The id becomes part of paths, labels and a socket's name (107 bytes at most), so it is short and plain. */
function assertRunId(runId: string): void {
  if (runIdPattern.test(runId)) return;
  throw new DrillError({
    code: 'configuration',
    what: 'the id of the run cannot be used',
    expected: '1 to 48 letters, digits, "-" and "_", the first one a letter or digit',
    actual: JSON.stringify(runId),
  });
}

function ownIdentity(): ProcessIdentity {
  const owner = identify(process.pid);
  if (owner !== undefined) return owner;
  throw new DrillError({
    code: 'configuration',
    what: 'this process cannot be identified',
    expected: process.platform === 'linux' ? '/proc to be mounted' : 'the program ps to be there',
  });
}

/**
 * Ports below the range from which the system takes the ports of outgoing connections (32768 on Linux, 49152 on
 * macOS), so that none of those can take a port between its choice and its use; in random order, so that two runs
 * side by side do not ask for the same ones.
 */
function candidatePorts(): number[] {
  return Array.from({ length: 40 }, () => randomInt(15_000, 32_000));
}
