import type { ChildProcess } from 'node:child_process';
import type { Duplex, Readable, Writable } from 'node:stream';
import { execa as generic } from 'execa';

/** Where a stream of a program goes; a number is a file that is open here. */
type Stream = 'pipe' | 'ignore' | 'inherit' | number;

/** The options of execa that are in use. */
export interface ProgramOptions {
  cwd?: string;
  /** Added to the environment of this process, unless `extendEnv` is `false`. */
  env?: Readonly<Record<string, string | undefined>>;
  extendEnv?: boolean;
  argv0?: string;
  uid?: number;
  gid?: number;
  /** A process group of its own. */
  detached?: boolean;
  /** Whether it is ended when this process exits: yes. */
  cleanup?: boolean;
  stdin?: Stream;
  stdout?: Stream;
  stderr?: Stream;
  stdio?: 'inherit' | 'ignore';
  input?: string;
  /** Whether what it prints is kept for the result: yes. */
  buffer?: boolean | { stdout?: boolean; stderr?: boolean };
  encoding?: 'buffer';
  stripFinalNewline?: boolean;
  /** Whether stdout and stderr are given together as well: no. */
  all?: boolean;
  /** Whether one that fails rejects: yes. */
  reject?: boolean;
  /** Milliseconds. */
  timeout?: number;
  cancelSignal?: AbortSignal;
  /** Milliseconds from SIGTERM to SIGKILL. */
  forceKillAfterDelay?: number;
}

/** How a program has ended. */
export interface ProgramResult {
  /** Text of what it printed. It is missing, against this type, where it was not kept or the program did not start. */
  stdout: string;
  stderr: string;
  /** Missing, against this type, unless it was asked for. */
  all: string;
  failed: boolean;
  timedOut: boolean;
  exitCode?: number;
  signal?: NodeJS.Signals;
  cause?: unknown;
}

/** A program that was started. Its streams are there, against these types, only where they are piped. */
export interface RunningProgram extends Promise<ProgramResult> {
  readonly pid?: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly all: Readable;
  readonly nodeChildProcess: ChildProcess;
  kill(signal?: NodeJS.Signals | Error): boolean;
  duplex(): Duplex;
  pipe(file: string, args?: readonly string[], options?: ProgramOptions): RunningProgram;
}

/**
 * Starts a program by execa. These types are fixed: those of execa are worked out anew for every shape of options, which
 * took three quarters of the type check.
 */
export const execa = generic as unknown as (
  file: string,
  args?: readonly string[],
  options?: ProgramOptions,
) => RunningProgram;
