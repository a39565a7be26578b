import { randomBytes } from 'node:crypto';
import type { EngineName, ObjectStore, PostgresServer, RunningService, SearchServer } from '../domain/service.ts';
import { containerEngine } from './containers/engine.ts';
import { objectsPlaces, startNativeObjects } from './native/objects.ts';
import { startNativePostgres } from './native/postgres.ts';
import { findPostgresPrograms } from './native/postgres-programs.ts';
import { searchPlaces, startNativeSearch } from './native/search.ts';
import { findStoreBinary, standInOf, type StoreProgram, type StoreProgramPlaces } from './native/store-program.ts';
import { createRunContext, type RunContext } from './run-context.ts';

/** The stores of a stack, by name. */
export interface StoreTypes {
  postgres: PostgresServer;
  objects: ObjectStore;
  search: SearchServer;
}

/** One way to run a service, for tests that hold every way against the same contract. */
export interface Implementation<T> {
  name: string;
  /** Why it cannot run on this machine; absent when it can. */
  missing?: string;
  /** Starts one alone, in a run of its own whose id is given; disposing it ends the run. */
  start(options?: { runId?: string; settings?: Readonly<Record<string, string>> }): Promise<T>;
}

/** Every implementation of a store: local program, built-in stand-in (Postgres has none), container. */
export async function implementationsOf<Name extends keyof StoreTypes>(
  name: Name,
): Promise<Implementation<StoreTypes[Name]>[]>;
export async function implementationsOf(name: keyof StoreTypes): Promise<Implementation<RunningService>[]> {
  if (name === 'postgres') return [await nativePostgres(), await inContainer('PostgreSQL', 'postgres')];
  const [product, places] =
    name === 'objects' ? (['MinIO', objectsPlaces] as const) : (['Meilisearch', searchPlaces] as const);
  return [await nativeBinary(product, places), standIn(product, places), await inContainer(product, name)];
}

const database = 'contract';
const role = 'contract';

async function nativePostgres(): Promise<Implementation<PostgresServer>> {
  const found = await findPostgresPrograms();
  return {
    name: 'PostgreSQL (local binary)',
    ...('missing' in found && { missing: found.missing }),
    start: ({ runId, settings } = {}) =>
      alone('native', runId, (run) => startNativePostgres(run, role, { database, ...(settings && { settings }) })),
  };
}

async function nativeBinary(product: string, places: StoreProgramPlaces): Promise<Implementation<RunningService>> {
  const file = await findStoreBinary(places);
  const program: StoreProgram = { kind: 'binary', file: file ?? places.program };
  return {
    name: `${product} (local binary)`,
    ...(file === undefined && { missing: `${places.program} is not on PATH, and ${places.variable} is not set` }),
    start: ({ runId } = {}) => alone('native', runId, (run) => startStore(run, places, program)),
  };
}

function standIn(product: string, places: StoreProgramPlaces): Implementation<RunningService> {
  return {
    name: `built-in stand-in for ${product}`,
    start: ({ runId } = {}) => alone('native', runId, (run) => startStore(run, places, standInOf(places))),
  };
}

function startStore(run: RunContext, { service }: StoreProgramPlaces, program: StoreProgram): Promise<RunningService> {
  return service === 'objects' ? startNativeObjects(run, role, { program }) : startNativeSearch(run, role, { program });
}

async function inContainer(product: string, name: keyof StoreTypes): Promise<Implementation<RunningService>> {
  const engine = await containerEngine();
  return {
    name: `${product} (container)`,
    ...('missing' in engine && { missing: engine.missing }),
    start: ({ runId, settings } = {}) =>
      alone('containers', runId, async (run): Promise<RunningService> => {
        const { containerStarters } = await import('./containers/stack.ts');
        const starters = containerStarters(run, { database, ...(settings && { postgresSettings: settings }) });
        return starters[name](role, 'objects');
      }),
  };
}

/** Starts a service in a run of its own, which ends with it. */
async function alone<T extends RunningService>(
  engine: EngineName,
  runId: string | undefined,
  start: (run: RunContext) => Promise<T>,
): Promise<T> {
  const run = await createRunContext({ runId: runId ?? `contract-${randomBytes(4).toString('hex')}`, engine });
  try {
    const service = await start(run);
    return {
      ...service,
      [Symbol.asyncDispose]: async () => {
        await service[Symbol.asyncDispose]();
        await run[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await run[Symbol.asyncDispose]();
    throw error;
  }
}
