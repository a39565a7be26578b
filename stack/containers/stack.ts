import type { Stack } from '../../domain/service.ts';
import { assembleStack, type ServiceStarters } from '../assemble.ts';
import type { StackSettings } from '../native/stack.ts';
import type { RunContext } from '../run-context.ts';
import { requireEngine } from './engine.ts';
import { ensureImage, type ImageFacts } from './image-facts.ts';
import { readImages, type ContainerService, type ImageChoice } from './images.ts';
import { startContainerObjects } from './objects.ts';
import { startContainerPostgres, type ContainerPostgres } from './postgres.ts';
import { reaperSession } from './reaper.ts';
import { removeContainersOf } from './residue.ts';
import { startContainerSearch } from './search.ts';
import type { ContainerOptions } from './launch-container.ts';

export interface ContainerSettings extends StackSettings {
  /** The stack is to outlive this process: then the library's reaper, which would end it, is not asked. */
  keep?: boolean;
}

/** As `ServiceStarters`; the Postgres servers name their containers. */
export interface ContainerStarters extends ServiceStarters {
  postgres(role: string): Promise<ContainerPostgres>;
}

/** A stack of containers: one for each service, its data in a volume of its own, its port on 127.0.0.1 alone. */
export function startContainerStack(run: RunContext, settings: ContainerSettings): Promise<Stack> {
  return assembleStack(run, containerStarters(run, settings));
}

/** Starts single services of a run in containers. */
export function containerStarters(run: RunContext, settings: ContainerSettings): ContainerStarters {
  const { database, postgresSettings } = settings;
  const prepare = preparation(run, settings.keep ?? false);
  return {
    postgres: async (role) =>
      startContainerPostgres({
        ...(await prepare('postgres', role)),
        database,
        ...(postgresSettings && { settings: postgresSettings }),
      }),
    objects: async (role, service) => startContainerObjects({ ...(await prepare(service, role)), service }),
    search: async (role, start) => {
      const options = await prepare('search', role);
      return startContainerSearch({ ...options, ...(start && { start }) });
    },
    // What a start-up that was cut off may have left.
    clearAway: async () => {
      await removeContainersOf(run.runId);
    },
  };
}

/** Finds out once what the services of a run need: the engine, the images and the reaper. */
function preparation(
  run: RunContext,
  keep: boolean,
): (service: ContainerService, role: string) => Promise<ContainerOptions & { choice: ImageChoice }> {
  const found = (async () => {
    const [engine, images] = await Promise.all([requireEngine(), readImages()]);
    return { engine, images, session: keep ? undefined : await reaperSession(engine, run.progress) };
  })();
  // Each service that asks is told; the promise itself has nobody to listen when none does.
  found.catch(() => undefined);
  const known = new Map<string, Promise<ImageFacts>>();
  return async (service, role) => {
    const { engine, images, session } = await found;
    const choice = images[service];
    // Two services of one image pull it once.
    const image = known.get(choice.reference) ?? ensureImage(engine, run, service, choice);
    known.set(choice.reference, image);
    return { engine, run, role, image: await image, choice, reaperSession: session, signal: run.signal };
  };
}
