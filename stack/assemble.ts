import { DrillError, messageOf } from '../domain/drill-error.ts';
import type {
  AppLaunch,
  AppProcess,
  ObjectStore,
  PostgresServer,
  RunningService,
  SearchServer,
  SearchStart,
  ServiceInfo,
  Stack,
} from '../domain/service.ts';
import { startApp } from './app-process.ts';
import { processesOfRun } from './marks/marked-processes.ts';
import { killAll } from './marks/process-identity.ts';
import { keepProcesses } from './marks/spawn.ts';
import { residue } from './residue.ts';
import type { RunContext } from './run-context.ts';
import { dropMountsOf } from './small-disk.ts';

/** How an engine starts the services of a run. */
export interface ServiceStarters {
  postgres(role: string): Promise<PostgresServer>;
  objects(role: string, service: 'objects' | 'backups'): Promise<ObjectStore>;
  search(role: string, start?: SearchStart): Promise<SearchServer>;
  /** Removes what the engine itself has of the run beside its services. */
  clearAway?(): Promise<void>;
}

/**
 * Starts the services of a stack side by side and puts them together. When one service does not start, those that did
 * are ended and its error is thrown. Closing the stack ends the run: its folder is removed with all the rest.
 */
export async function assembleStack(run: RunContext, starters: ServiceStarters): Promise<Stack> {
  const started: RunningService[] = [];
  const apps: AppProcess[] = [];
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const track = async <T extends RunningService>(start: () => Promise<T>): Promise<T> => {
    if (closing !== undefined) throw closedError();
    const starting = start();
    underWay.add(starting);
    try {
      const service = await starting;
      started.push(service);
      return service;
    } finally {
      underWay.delete(starting);
    }
  };

  const provision = {
    postgres: (role: string): Promise<PostgresServer> => track(() => starters.postgres(role)),
    objects: (role: string): Promise<ObjectStore> => track(() => starters.objects(role, 'objects')),
    search: (role: string, start?: SearchStart): Promise<SearchServer> => track(() => starters.search(role, start)),
    app: async (launch: AppLaunch): Promise<AppProcess> => {
      const app = await track(() => startApp(run, launch));
      apps.push(app);
      return app;
    },
  };

  const close = (): Promise<void> => {
    closing ??= closeAll(run, starters, started, async () => {
      run.stopStarting();
      // A start-up that is under way either fails now or adds to what has to be ended.
      while (underWay.size > 0) await Promise.allSettled(underWay);
    });
    return closing;
  };

  try {
    const [postgres, objects, search, backups] = await Promise.all([
      provision.postgres('production'),
      provision.objects('production'),
      provision.search('production'),
      track(() => starters.objects('backups', 'backups')),
    ]);
    return {
      engine: run.engine,
      runId: run.runId,
      postgres,
      objects,
      search,
      backups,
      provision,
      folder: run.folder,
      services: (): ServiceInfo[] => started.map(({ info }) => info),
      apps: () => apps,
      freePort: () => run.freePort(),
      keep: () => keepProcesses(run.runId),
      close,
      residue: () => residue(run),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close().catch((failure: unknown) => run.progress.info(messageOf(failure)));
    throw error;
  }
}

/** Ends and removes everything; a single failure does not keep it from the rest. */
async function closeAll(
  run: RunContext,
  starters: ServiceStarters,
  started: readonly RunningService[],
  settle: () => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const attempt = async (work: () => unknown): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failures.push(error);
    }
  };
  await attempt(settle);
  await Promise.all(started.map((service) => attempt(() => service[Symbol.asyncDispose]())));
  // A tool that still ran, and what a process of the application may have started.
  await attempt(() => killAll(() => processesOfRun(run.runId, run.processes())));
  await attempt(() => dropMountsOf(run.runId));
  await attempt(() => starters.clearAway?.());
  await attempt(() => run[Symbol.asyncDispose]());
  if (failures.length === 0) return;
  throw new DrillError({
    code: 'internal',
    what: 'the stack was not cleared away completely',
    actual: failures.map(messageOf).join('; '),
    hint: 'Run `firedrill clean` once the reason is gone.',
    cause: failures.length === 1 ? failures[0] : new AggregateError(failures),
  });
}

function closedError(): DrillError {
  return new DrillError({
    code: 'internal',
    what: 'a service was asked of a stack that is closed',
    expected: 'a stack that is open',
  });
}
