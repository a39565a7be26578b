import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import type { RunningService, ServiceName, StartChanges } from '../../domain/service.ts';
import { readLogTail } from '../log-tail.ts';
import { waitUntilPortCloses } from '../marks/listening-ports.ts';
import { endProcess, spawnMarked, type MarkedCommand, type MarkedProcess } from '../marks/spawn.ts';
import type { RunContext } from '../run-context.ts';
import { smallDisk } from '../small-disk.ts';
import { changedStart } from '../start-changes.ts';
import { waitUntil } from '../wait.ts';
import { stillRunning } from './still-running.ts';

/** A service that is one program. */
export interface ProgramOptions {
  service: ServiceName;
  role: string;
  command: Omit<MarkedCommand, 'service' | 'what'>;
  /** The port it listens on; absent for a program that does not listen. */
  port?: number;
  /** Absent for a program that keeps no data. */
  dataFolder?: string;
  /** Never shown in what is quoted of its log. */
  secrets: readonly string[];
  /** Variables by which it knows other credentials; absent for a program that has none of its own. */
  otherCredentials?: Readonly<Record<string, string>>;
  ready: {
    /** What is waited for, as in `an answer 200 to GET …`. */
    what: string;
    /** `logStart` is where in its log file, in bytes, the output of this start begins. */
    probe: (signal: AbortSignal, logStart: number) => Promise<boolean>;
    /** Whether it answers at all, for a start with changes; by default the same. */
    alive?: (signal: AbortSignal) => Promise<boolean>;
    timeoutMs: number;
  };
  signal: AbortSignal;
}

/** The part of a running service that is the same for every program. */
export type ProgramService = Omit<RunningService, 'info'>;

const stopGraceMs = 15_000;

/** How a service that is one program is started, ended and cleared away. It is not started yet. */
export function programService(run: RunContext, options: ProgramOptions): ProgramService {
  const { service, role, command, port, dataFolder, ready } = options;
  const what = `${service} (${role})`;
  const logTail = (lines?: number): Promise<string> => readLogTail(command.logFile, lines, options.secrets);
  let program: MarkedProcess | undefined;
  const isRunning = (): boolean => program?.isRunning() ?? false;

  const disk = dataFolder === undefined ? undefined : smallDisk({ run, service, folder: async () => dataFolder });

  const kill = async (): Promise<void> => {
    program?.signal('SIGKILL');
    await program?.exited;
    if (port !== undefined) await waitUntilPortCloses(port);
  };

  const deleteData = async (): Promise<void> => {
    if (isRunning()) throw stillRunning(what);
    if (dataFolder === undefined) return;
    await disk?.drop();
    await rm(dataFolder, { recursive: true, force: true });
  };

  const start = async (changes?: StartChanges): Promise<void> => {
    if (isRunning()) return;
    const { otherCredentials } = options;
    const changed = changes && (await changedStart({ service, otherCredentials }, changes));
    if (dataFolder !== undefined) await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    // Its temporary files are in the folder of the run, and go with it however it ends.
    const environment = { TMPDIR: command.cwd, ...command.environment, ...changed?.environment };
    const logStart = await sizeOf(command.logFile);
    const started = await spawnMarked(run, { ...command, environment, service, what });
    program = started;
    try {
      const probe = (changes && ready.alive) ?? ready.probe;
      await waitUntil(service, ready.what, (signal) => probe(signal, logStart), {
        role,
        timeoutMs: ready.timeoutMs,
        clock: run.clock,
        signal: options.signal,
        logTail,
        exited: started.exited,
      });
    } catch (error) {
      await kill();
      throw error;
    }
  };

  return {
    start,
    kill,
    stop: async () => {
      if (program === undefined || !isRunning()) return;
      await endProcess(program, 'SIGTERM', stopGraceMs);
    },
    pause: async () => void program?.signalGroup('SIGSTOP'),
    resume: async () => void program?.signalGroup('SIGCONT'),
    isRunning: async () => isRunning(),
    place: { kind: 'process', ...(port !== undefined && { port }), ...(dataFolder !== undefined && { dataFolder }) },
    deleteData,
    ...(disk && { disk }),
    dataExists: async () => dataFolder !== undefined && (await readdir(dataFolder).catch(() => [])).length > 0,
    logTail,
    [Symbol.asyncDispose]: async () => {
      await kill();
      await deleteData();
    },
  };
}

function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
