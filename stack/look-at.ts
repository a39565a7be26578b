import { readdir } from 'node:fs/promises';
import type Dockerode from 'dockerode';
import type { ServicePlace } from '../domain/service-place.ts';
import type { SeenService } from '../domain/service-facts.ts';
import { requireEngine } from './containers/engine.ts';
import { isMissing } from './containers/is-missing.ts';
import { isPortOpen, listenersOf } from './marks/listening-ports.ts';
import { identify, isHalted } from './marks/process-identity.ts';

/**
 * What is seen of a service from outside: the operating system or the container engine is asked, never the service's
 * own books. A service that is gone is seen as nothing, not as an error.
 */
export async function lookAt(place: ServicePlace): Promise<SeenService> {
  return place.kind === 'process' ? lookAtProcess(place) : lookAtContainer(place);
}

async function lookAtProcess({ port, dataFolder }: Extract<ServicePlace, { kind: 'process' }>): Promise<SeenService> {
  const pids = port === undefined ? [] : await listenersOf(port);
  const found = pids.map((pid) => identify(pid)).filter((identity) => identity !== undefined);
  return {
    processes: found.map(({ pid, startTime }) => `process ${pid}, started at ${startTime}`).toSorted(),
    halted: found.length > 0 && found.every(({ pid }) => isHalted(pid)),
    accepts: port !== undefined && (await isPortOpen(port)),
    ...(dataFolder !== undefined && {
      data: { place: dataFolder, entries: (await readdir(dataFolder).catch(() => [])).length },
    }),
  };
}

async function lookAtContainer({ name, port }: Extract<ServicePlace, { kind: 'container' }>): Promise<SeenService> {
  const { docker } = await requireEngine();
  const container = await orNothing(docker.getContainer(name).inspect());
  const volume = await orNothing<Dockerode.VolumeInspectInfo>(docker.getVolume(name).inspect());
  const isRunning = container?.State.Running === true;
  return {
    processes: container && isRunning ? [`container ${container.Id}, started at ${container.State.StartedAt}`] : [],
    halted: container?.State.Paused === true,
    accepts: await isPortOpen(port),
    // The engine does not say what is in a volume.
    data: { place: `volume ${name}`, entries: volume === undefined ? 0 : 1 },
  };
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
