import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import type { AppLaunch, AppProcess } from '../domain/service.ts';
import { programService } from './native/program-service.ts';
import type { RunContext } from './run-context.ts';

const startTimeoutMs = 60_000;

/**
 * Starts a process of the application under drill on this machine's Node, in both engines, and waits until it is up:
 * until its path answers 200, or until it has printed its line. Throws a `DrillError` (`service-start`).
 */
export async function startApp(run: RunContext, launch: AppLaunch): Promise<AppProcess> {
  const { service, role, name, listens } = launch;
  const folder = await run.makeFolder(`${name ?? service}-${role}`);
  const logFile = join(folder, 'output.log');
  const life = programService(run, {
    service,
    role,
    ...(listens && { port: listens.port }),
    secrets: secretsIn(launch.environment),
    command: {
      file: process.execPath,
      args: [fileURLToPath(launch.entry)],
      environment: launch.environment,
      cwd: folder,
      logFile,
    },
    ready: { ...readiness(launch, logFile), timeoutMs: startTimeoutMs },
    signal: run.signal,
  });
  await life.start();
  return {
    ...life,
    info: {
      service,
      role,
      ...(name !== undefined && { instance: name }),
      implementation: 'Node.js process',
      version: process.versions.node,
    },
    ...(listens && { baseUrl: baseUrlOf(listens.port) }),
  };
}

function readiness(
  { listens, readyLine }: AppLaunch,
  logFile: string,
): { what: string; probe: (signal: AbortSignal, logStart: number) => Promise<boolean> } {
  if (listens !== undefined) {
    const url = `${baseUrlOf(listens.port)}${listens.readyPath}`;
    return { what: `an answer 200 to GET ${url}`, probe: (signal) => answers200(url, signal) };
  }
  if (readyLine === undefined) return { what: 'its process to run', probe: async () => true };
  const printed = async (_signal: AbortSignal, logStart: number): Promise<boolean> =>
    (await readFile(logFile)).subarray(logStart).includes(readyLine);
  return { what: `the line "${readyLine}"`, probe: printed };
}

async function answers200(url: string, signal: AbortSignal): Promise<boolean> {
  const { statusCode, body } = await request(url, { signal, reset: true, headersTimeout: 5_000 });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`status ${statusCode}: ${text.slice(0, 500)}`);
  return true;
}

function baseUrlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** Values that must not be quoted from a log: those whose name says so, and passwords within connection strings. */
function secretsIn(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment)
    .filter(([name, value]) => /KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL|_URL$|DSN/i.test(name) && value.length >= 8)
    .map(([, value]) => value);
}
