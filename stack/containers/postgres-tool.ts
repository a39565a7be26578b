import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { DrillError, messageOf } from '../../domain/drill-error.ts';
import type { PostgresConnection, PostgresTool, ToolProcess } from '../../domain/service.ts';
import { lastLines, withoutSecrets } from '../log-tail.ts';
import { sessionOptions } from '../session-settings.ts';
import { streamingExec, type ExecEnd } from './streaming-exec.ts';

/**
 * Runs one of PostgreSQL's own tools in the server's container, over the local socket. Both directions stream.
 * `completed` rejects with `tool-failed`, quoting the end of stderr, or with `interrupted` when `signal` ended it.
 */
export function runContainerTool(
  server: { container: Dockerode.Container; connection: PostgresConnection },
  name: PostgresTool,
  args: readonly string[],
  { input, signal }: { input?: Readable; signal?: AbortSignal } = {},
): ToolProcess {
  const { stdout, ended } = streamingExec(server.container, {
    command: [name, ...args],
    environment: toolEnvironment(server.connection),
    input,
    signal,
  });
  const completed = judge(name, ended, server.connection.password, signal);
  // A reader that fails first may never ask; its own error is the one that counts then.
  completed.catch(() => undefined);
  return { stdout, completed };
}

async function judge(
  name: PostgresTool,
  ended: Promise<ExecEnd>,
  password: string,
  signal: AbortSignal | undefined,
): Promise<{ stderr: string }> {
  let end: ExecEnd;
  try {
    end = await ended;
  } catch (error) {
    throw toolError(name, messageOf(error).trim(), '', error);
  }
  if (signal?.aborted) {
    throw new DrillError({ code: 'interrupted', service: 'postgres', what: `${name} was interrupted` });
  }
  const stderr = withoutSecrets(end.stderr, [password]);
  const { inputError, exitCode } = end;
  if (inputError !== undefined) throw toolError(name, `its input failed: ${inputError.message}`, stderr, inputError);
  if (end.wasLeft) throw toolError(name, 'its reader went away', stderr);
  if (exitCode !== 0) throw toolError(name, `exit code ${exitCode}`, stderr);
  return { stderr };
}

function toolEnvironment({ user, database, password }: PostgresConnection): Record<string, string> {
  return {
    PGUSER: user,
    PGDATABASE: database,
    // The images that are known do not ask for it over the socket; another one may.
    PGPASSWORD: password,
    PGAPPNAME: 'firedrill',
    PGOPTIONS: sessionOptions,
    PGCONNECT_TIMEOUT: '10',
    LC_MESSAGES: 'C',
    PSQLRC: '/dev/null',
  };
}

function toolError(name: PostgresTool, actual: string, stderr: string, cause?: unknown): DrillError {
  return new DrillError({
    code: 'tool-failed',
    service: 'postgres',
    what: `${name} failed`,
    expected: 'exit code 0',
    actual,
    ...(stderr.trim() !== '' && { hint: lastLines(stderr, 10) }),
    ...(cause !== undefined && { cause }),
  });
}
