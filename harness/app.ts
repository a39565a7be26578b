import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AppLaunch, StoreAccess } from '../domain/service.ts';
import type { Tokens } from '../domain/system.ts';
import { need, type DrillContext, type RunningApp } from './context.ts';

export interface AppStart {
  stores: StoreAccess;
  /** `production`, `recovered`, `staging`. */
  role: string;
  /** Default those of production. */
  tokens?: Tokens;
  apiPort: number;
  /** Only administrators are served. */
  maintenance?: boolean;
  worker: boolean;
  /** Default true; see `AppOptions`. */
  failover?: boolean;
}

/**
 * Starts the application on the stores given: its groups one after the other, the processes of a group at once. When
 * one does not start, those that did are stopped, and the error is thrown.
 */
export async function startApp(context: DrillContext, start: AppStart): Promise<RunningApp> {
  const stack = need(context, 'stack');
  const { stores, role, apiPort, maintenance = false, worker, failover = true } = start;
  const { tokens = need(context, 'tokens') } = start;
  const asked = { stores, role, maintenance, worker, failover, tokens };
  const options = context.sabotage.alterApp?.(asked, context) ?? asked;
  const groups = await context.system.app(options, { front: apiPort, free: () => stack.freePort() });
  const app: RunningApp = { apiPort, entries: [], processes: [], startedMs: context.clock.monotonicMs() };
  const startOne = async (launch: AppLaunch): Promise<void> => {
    const installed = atInstallation(context, launch);
    app.entries.push(fileURLToPath(installed.entry));
    app.processes.push(await stack.provision.app(installed));
  };
  try {
    for (const group of groups) await settled(group.map(startOne));
    return app;
  } catch (error) {
    await stopApp(app);
    throw error;
  }
}

/** Stops the processes of an application in order; a worker finishes the job it is at. */
export async function stopApp(app: RunningApp): Promise<void> {
  await Promise.all(app.processes.map((process) => process.stop()));
}

/** Lets a sabotage that is played for real stand in front of an application, and gives where clients reach it now. */
export async function frontOf(context: DrillContext, app: RunningApp): Promise<string> {
  const proxy = await context.sabotage.interpose?.(context, apiUrlOf(app));
  if (proxy) context.disposables.push(proxy);
  return proxy?.url ?? apiUrlOf(app);
}

/** The address at which clients reach an application. */
export function apiUrlOf({ apiPort }: RunningApp): string {
  return `http://127.0.0.1:${apiPort}`;
}

/** The same process from where the application was installed anew, if it was. */
function atInstallation({ state }: DrillContext, launch: AppLaunch): AppLaunch {
  const { installed } = state;
  if (!installed) return launch;
  const entry = join(installed.folder, relative(installed.source, fileURLToPath(launch.entry)));
  return { ...launch, entry: pathToFileURL(entry) };
}

/** Waits for all, so that none is still starting when the first error is thrown. */
async function settled(work: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
