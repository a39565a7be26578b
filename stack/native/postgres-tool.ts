import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { execa } from '../../programs/execa.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { PostgresTool, ToolProcess } from '../../domain/service.ts';
import { lastLines, withoutSecrets } from '../log-tail.ts';
import { childEnvironment, couldNotRun } from '../marks/spawn.ts';
import type { RunContext } from '../run-context.ts';
import { sessionOptions } from '../session-settings.ts';
import type { PostgresCluster } from './postgres-cluster.ts';

const stderrKeptBytes = 64 * 1024;

/**
 * Runs one of PostgreSQL's own tools against a server. Both directions stream: a slow reader slows the tool down.
 * `completed` rejects with `tool-failed`, quoting the end of stderr, or with `interrupted` when `signal` ended it.
 */
export function runPostgresTool(
  run: RunContext,
  cluster: PostgresCluster,
  database: string,
  name: PostgresTool,
  args: readonly string[],
  options: { input?: Readable; signal?: AbortSignal } = {},
): ToolProcess {
  const { input, signal } = options;
  const file = join(cluster.programs.folder, name);
  const child = execa(file, args, {
    stdin: input === undefined ? 'ignore' : 'pipe',
    buffer: { stdout: false, stderr: false },
    env: toolEnvironment(run, cluster, database),
    extendEnv: false,
    reject: false,
    ...(signal && { cancelSignal: signal }),
    forceKillAfterDelay: 5_000,
  });
  if (child.pid !== undefined) run.noteProcess(child.pid, `${name} (postgres)`);

  // A stream of our own between tool and reader: what the tool wrote is kept for a reader that comes late.
  const stdout = new PassThrough();
  // Without `signal` a reader that has gone away and never comes back would be waited for.
  const handedOver = pipeline(child.stdout, stdout, { ...(signal && { signal }) }).catch(() => {
    // The reader went away (or the tool was ended): without a reader the tool has nothing left to do.
    child.kill('SIGTERM');
  });
  const readStderr = keepEnd(child.stderr);
  const fed = feed(input, child.stdin, (cause) => child.kill(cause));

  const completed = (async () => {
    const [result, stderrText, inputError] = await Promise.all([child, readStderr, fed, handedOver]);
    const stderr = withoutSecrets(stderrText, [cluster.password]);
    if (signal?.aborted)
      throw new DrillError({ code: 'interrupted', service: 'postgres', what: `${name} was interrupted` });
    if (child.pid === undefined)
      throw couldNotRun({ service: 'postgres', what: name, file, user: undefined }, result.cause);
    if (result.failed || inputError !== undefined) throw toolError(name, result, stderr, inputError);
    // Not before a reader that is at work has all of it.
    if (stdout.readableFlowing === true) await finished(stdout).catch(() => undefined);
    return { stderr };
  })();
  // A reader that fails first may never ask; its own error is the one that counts then.
  completed.catch(() => undefined);
  return { stdout, completed };
}

function toolEnvironment(run: RunContext, cluster: PostgresCluster, database: string): Record<string, string> {
  return childEnvironment(run, {
    PGHOST: cluster.socketFolder ?? '127.0.0.1',
    PGPORT: String(cluster.port),
    PGUSER: cluster.superuser,
    PGPASSWORD: cluster.password,
    PGDATABASE: database,
    PGAPPNAME: 'firedrill',
    PGOPTIONS: sessionOptions,
    PGCONNECT_TIMEOUT: '10',
    // No files of the person who runs this.
    PGPASSFILE: '/dev/null',
    PGSERVICEFILE: '/dev/null',
    PSQLRC: '/dev/null',
  });
}

/** Streams `input` into the tool. An input that fails ends the tool, which would take its end for a whole one. */
async function feed(
  input: Readable | undefined,
  stdin: NodeJS.WritableStream | null,
  end: (cause: Error) => void,
): Promise<Error | undefined> {
  if (input === undefined || stdin === null) return undefined;
  try {
    await pipeline(input, stdin);
    return undefined;
  } catch (error) {
    // A tool may end before it has read everything: then its exit code says whether that was in order.
    if (isBrokenPipe(error)) return undefined;
    const cause = error instanceof Error ? error : new Error(String(error));
    end(cause);
    return cause;
  }
}

function isBrokenPipe(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET';
}

async function keepEnd(stream: Readable): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text = (text + chunk).slice(-stderrKeptBytes);
  });
  await finished(stream).catch(() => undefined);
  return text;
}

function toolError(
  name: PostgresTool,
  result: { exitCode?: number; signal?: string },
  stderr: string,
  inputError: Error | undefined,
): DrillError {
  const ended = result.signal === undefined ? `exit code ${result.exitCode}` : `ended by ${result.signal}`;
  return new DrillError({
    code: 'tool-failed',
    service: 'postgres',
    what: `${name} failed`,
    expected: 'exit code 0',
    actual: inputError === undefined ? ended : `its input failed: ${inputError.message}`,
    ...(stderr.trim() !== '' && { hint: lastLines(stderr, 10) }),
    cause: inputError,
  });
}
