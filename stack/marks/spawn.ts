import { open } from 'node:fs/promises';
import { sep } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { DrillError } from '../../domain/drill-error.ts';
import { ownProgramEnvironment, programEnvironment } from '../../domain/environment.ts';
import type { ServiceName } from '../../domain/service.ts';
import { loadsFaketime, removeFaketimeMemory } from '../faketime.ts';
import type { RunContext } from '../run-context.ts';
import type { SystemUser } from '../system-user.ts';
import type { ProcessExit } from '../wait.ts';
import { runMarks } from './run-marks.ts';

/** A program that runs as long as its service does. */
export interface MarkedCommand {
  service: ServiceName;
  /** What it is, for notes and messages: `postgres (production)`. */
  what: string;
  file: string;
  args: readonly string[];
  /** Added to the few variables that are passed on; see `childEnvironment`. */
  environment?: Readonly<Record<string, string>>;
  user?: SystemUser | undefined;
  cwd: string;
  /** Takes stdout and stderr; appended to. */
  logFile: string;
  /** What is sent to it when this process exits without having ended it. */
  exitSignal?: NodeJS.Signals;
}

export interface MarkedProcess {
  readonly pid: number;
  /** Settles when it has ended; never rejects. */
  readonly exited: Promise<ProcessExit>;
  isRunning(): boolean;
  /** Says whether the signal was sent: not to a process that has ended. */
  signal(name: NodeJS.Signals): boolean;
  /** The same to every process of its group: to it and what it has started, unless that left the group. */
  signalGroup(name: NodeJS.Signals): boolean;
}

/**
 * Starts a program as a direct child with the marks of the run, in a process group of its own: Ctrl-C in a terminal
 * reaches only this process, which then ends its children in order. Throws a `DrillError` (`service-start`) when the
 * program is missing or may not be run by that user.
 */
export async function spawnMarked(run: RunContext, command: MarkedCommand): Promise<MarkedProcess> {
  const log = await open(command.logFile, 'a', 0o600);
  try {
    const child = execa(command.file, command.args, {
      stdin: 'ignore',
      stdout: log.fd,
      stderr: log.fd,
      env: { ...compileCacheOf(run, command), ...childEnvironment(run, command.environment) },
      extendEnv: false,
      cwd: command.cwd,
      ...userOptions(command.user),
      detached: true,
      cleanup: false,
      buffer: false,
      reject: false,
    });
    const { pid } = child;
    if (pid === undefined) throw couldNotRun(command, (await child).cause);
    run.noteProcess(pid, command.what);
    const { nodeChildProcess } = child;
    const isRunning = (): boolean => nodeChildProcess.exitCode === null && nodeChildProcess.signalCode === null;
    const signal = (name: NodeJS.Signals): boolean => isRunning() && nodeChildProcess.kill(name);
    const signalGroup = (name: NodeJS.Signals): boolean => isRunning() && signalGroupOf(nodeChildProcess.pid, name);
    const forget = endWithThisProcess({
      runId: run.runId,
      end: () => {
        signal(command.exitSignal ?? 'SIGTERM');
        // One that is paused takes notice only once it goes on.
        signalGroup('SIGCONT');
      },
      letGo: () => nodeChildProcess.unref(),
    });
    const exited = child.then(async (result) => {
      forget();
      if (loadsFaketime(command.environment ?? {})) await removeFaketimeMemory(pid);
      return { code: result.exitCode, signal: result.signal };
    });
    return { pid, exited, isRunning, signal, signalGroup };
  } finally {
    await log.close();
  }
}

/**
 * Sends `gentle`, waits up to `graceMs`, then SIGKILL. Resolves when the process has ended. Says whether it ended by
 * itself.
 */
export async function endProcess(child: MarkedProcess, gentle: NodeJS.Signals, graceMs: number): Promise<boolean> {
  child.signal(gentle);
  // One that is paused takes notice only once it goes on.
  child.signalGroup('SIGCONT');
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<'overdue'>((resolve) => {
    timer = setTimeout(() => resolve('overdue'), graceMs);
  });
  const first = await Promise.race([child.exited, overdue]);
  clearTimeout(timer);
  if (first !== 'overdue') return true;
  child.signal('SIGKILL');
  await child.exited;
  return false;
}

/** Signals a process group by the pid of its leader. Says whether there was one. */
function signalGroupOf(leaderPid: number | undefined, name: NodeJS.Signals): boolean {
  try {
    return leaderPid !== undefined && process.kill(-leaderPid, name);
  } catch (error) {
    // It has ended, and this process was not told yet.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** The environment of everything that a run starts: that of any program, the marks, and what is given. */
export function childEnvironment(
  run: Pick<RunContext, 'runId' | 'owner'>,
  added: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { ...programEnvironment(process.env), ...runMarks(run), ...added };
}

/**
 * Where a process of our own keeps compiled modules: with all others. Not so one of the application that a run has installed
 * anew: its paths are those of this run alone, and what is kept for them would never be used again.
 */
function compileCacheOf({ folder }: RunContext, { file, args, user }: MarkedCommand): Record<string, string> {
  const [entry = ''] = args;
  const isOurs = file === process.execPath && user === undefined && !entry.startsWith(`${folder}${sep}`);
  return isOurs ? ownProgramEnvironment(process.env) : {};
}

/** Options of a child process that runs as another user. */
export function userOptions(user: SystemUser | undefined): { uid?: number; gid?: number } {
  return user === undefined ? {} : { uid: user.uid, gid: user.gid };
}

/** The error for a program that could not even be started. */
export function couldNotRun(
  command: Pick<MarkedCommand, 'service' | 'what' | 'file' | 'user'>,
  cause: unknown,
): DrillError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'it may not be executed',
    EPERM: 'this process may not start programs as that user',
    ENOEXEC: 'it is no program of this machine',
  };
  return new DrillError({
    code: 'service-start',
    service: command.service,
    what: `${command.what} could not be run`,
    expected: `a program that ${command.user ? `user "${command.user.name}"` : 'this user'} may execute`,
    actual: reasons[code] ?? code,
    where: command.file,
    cause,
  });
}

/** A process to be ended when this one exits. */
interface Dependent {
  runId: string;
  end: () => void;
  letGo: () => void;
}

const dependents = new Set<Dependent>();

/** The processes of the run outlive this one: they are not ended with it, and it does not wait for them. */
export function keepProcesses(runId: string): void {
  for (const dependent of dependents) {
    if (dependent.runId !== runId) continue;
    dependent.letGo();
    dependents.delete(dependent);
  }
}

function endAll(): void {
  for (const { end } of dependents) end();
}

/** Ends it when this process exits. Returns how to forget it. */
function endWithThisProcess(dependent: Dependent): () => void {
  if (process.listenerCount('exit', endAll) === 0) process.on('exit', endAll);
  dependents.add(dependent);
  return () => dependents.delete(dependent);
}
