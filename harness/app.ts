import type { StoreAccess } from '../domain/service.ts';
import { need, type DrillContext, type RunningApp } from './context.ts';

export interface AppStart {
  stores: StoreAccess;
  /** `production`, `recovered`, `staging`. */
  role: string;
  apiPort: number;
  /** Only administrators are served. */
  maintenance?: boolean;
  worker: boolean;
}

/** Starts the application's API, and its worker where asked, on the stores given. */
export async function startApp(context: DrillContext, start: AppStart): Promise<RunningApp> {
  const { provision } = need(context, 'stack');
  const { stores, role, apiPort, maintenance = false, worker } = start;
  const options = { stores, role, maintenance, tokens: need(context, 'tokens') };
  const app: RunningApp = { apiPort, api: await provision.app(context.system.api(options, apiPort)) };
  if (worker) app.worker = await provision.app(context.system.worker(options));
  return app;
}

/** Stops API and worker in order; a worker finishes the job it is at. */
export async function stopApp(app: RunningApp): Promise<void> {
  await Promise.all([app.api?.stop(), app.worker?.stop()]);
}

/** The address of the API of an application. */
export function apiUrlOf({ apiPort }: RunningApp): string {
  return `http://127.0.0.1:${apiPort}`;
}
