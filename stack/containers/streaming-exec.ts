import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Dockerode from 'dockerode';
import { deliverOutputs, feedInput } from './exec-streams.ts';
import { askUntil } from '../../domain/ask-until.ts';
import { systemClock } from '../../domain/clock.ts';

/** How long a command may still take to end by itself once the reader of its output has gone. */
const farewellMs = 500;

export interface ExecCommand {
  command: readonly string[];
  /** Added to the environment of the container. */
  environment: Readonly<Record<string, string>>;
  /** Streamed into stdin; the command has no stdin without it. */
  input?: Readable | undefined;
  signal?: AbortSignal | undefined;
}

/** How a command in a container ended. */
export interface ExecEnd {
  exitCode: number;
  /** The last 64 Ki characters. */
  stderr: string;
  /** Why the input ended early; the command was ended then. */
  inputError?: Error;
  /** Whether the reader of stdout went away before it had everything; the command was ended then, if it still ran. */
  wasLeft: boolean;
}

/**
 * Runs a command in a running container. Both directions stream through the engine's connection byte by byte, and a
 * slow reader slows the command down. It is ended when `signal` aborts, when the reader destroys `stdout`, and when
 * the input fails. `ended` rejects only when the engine fails.
 */
export function streamingExec(
  container: Dockerode.Container,
  options: ExecCommand,
): { stdout: Readable; ended: Promise<ExecEnd> } {
  const stdout = new PassThrough();
  const ended = run(container, options, stdout).finally(() => stdout.end());
  ended.catch(() => undefined);
  return { stdout, ended };
}

async function run(container: Dockerode.Container, options: ExecCommand, stdout: PassThrough): Promise<ExecEnd> {
  const { command, environment, input, signal } = options;
  const pidFile = `/tmp/firedrill-exec-${randomUUID()}`;
  const exec = await container.exec({
    // The engine cannot end what it has started in a container: the command notes its pid for that.
    Cmd: ['/bin/sh', '-c', 'echo $$ > "$0"; exec "$@"', pidFile, ...command],
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    AttachStdin: input !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
  });
  const socket = (await exec.start({ hijack: true, stdin: input !== undefined })) as unknown as Socket;
  // Who reads from it is told of the same error.
  socket.on('error', () => undefined);
  let ending: Promise<void> | undefined;
  const end = (): void => {
    ending ??= endCommand(container, pidFile);
  };
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  // A reader that has all it needs may go before the end: a command that has no more to say ends by itself then.
  let farewell: NodeJS.Timeout | undefined;
  const bidFarewell = (): void => {
    farewell = setTimeout(end, farewellMs);
  };
  stdout.once('close', bidFarewell);
  try {
    const fed = feedInput(input, socket, end);
    const { stderr, isComplete } = await deliverOutputs(socket, stdout, end);
    stdout.off('close', bidFarewell);
    stdout.end();
    const [exitCode, inputError] = await Promise.all([exitCodeOf(exec), fed]);
    // Not before a reader that is at work has all of it.
    if (stdout.readableFlowing === true) await finished(stdout).catch(() => undefined);
    return { exitCode, stderr, wasLeft: !isComplete, ...(inputError && { inputError }) };
  } finally {
    clearTimeout(farewell);
    signal?.removeEventListener('abort', end);
    stdout.off('close', bidFarewell);
    socket.destroy();
  }
}

/** The exit code; the engine notes it a moment after the output has ended. */
async function exitCodeOf(exec: Dockerode.Exec): Promise<number> {
  const ask = async (): Promise<number | undefined> => {
    const { Running: running, ExitCode: exitCode } = await exec.inspect();
    return running || exitCode === null ? undefined : exitCode;
  };
  const exitCode = await askUntil(ask, { clock: systemClock, withinMs: 30_000, firstPauseMs: 5 });
  if (exitCode !== undefined) return exitCode;
  throw new Error('the command has closed its output, but still runs');
}

/** SIGTERM, and after five seconds SIGKILL. The first loop waits for the pid to be noted. */
const endScript = `
  n=0; until [ -s "$0" ] || [ $n -ge 50 ]; do sleep 0.1; n=$((n+1)); done
  pid=$(cat "$0") || exit 0
  kill -TERM $pid
  n=0; while kill -0 $pid 2>/dev/null && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done
  kill -KILL $pid 2>/dev/null`;

async function endCommand(container: Dockerode.Container, pidFile: string): Promise<void> {
  try {
    const exec = await container.exec({ Cmd: ['/bin/sh', '-c', endScript, pidFile] });
    await exec.start({ Detach: true });
  } catch {
    // The container is gone, and the command with it.
  }
}
