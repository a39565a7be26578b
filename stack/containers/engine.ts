import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { hostname } from 'node:os';
import type Dockerode from 'dockerode';
import type { ContainerRuntimeClient } from 'testcontainers';
import { DrillError, messageOf } from '../../domain/drill-error.ts';
import { withinTime } from './within-time.ts';

/** A container engine that answered. */
export interface Engine {
  /** E.g. `28.2.2`. */
  version: string;
  client: ContainerRuntimeClient;
  docker: Dockerode;
}

const answerTimeoutMs = 5_000;
const defaultSocket = '/var/run/docker.sock';

/**
 * Asks for a container engine that can be used here: not for the `docker` command, which is common where no engine
 * runs. Says what is missing, as the end of a sentence, where there is none.
 */
export async function containerEngine(): Promise<{ version: string } | { missing: string }> {
  const found = await findEngine();
  return 'missing' in found ? found : { version: found.version };
}

/** The engine, or a `DrillError` (`engine-missing`) that says why there is none. */
export async function requireEngine(): Promise<Engine> {
  const found = await findEngine();
  if (!('missing' in found)) return found;
  throw new DrillError({
    code: 'engine-missing',
    what: 'no container engine can be used',
    actual: found.missing,
    hint: 'Start Docker or Podman, or name its socket in DOCKER_HOST. Without one, use --engine native.',
  });
}

async function findEngine(): Promise<Engine | { missing: string }> {
  // A thousand modules, which a run on local processes does not need.
  const { getContainerRuntimeClient } = await import('testcontainers');
  let client: ContainerRuntimeClient;
  try {
    client = await withinTime(getContainerRuntimeClient(), answerTimeoutMs, 'the container engine');
  } catch {
    return { missing: await reasonOf() };
  }
  const docker = client.container.dockerode;
  // The client above is kept by its library: an engine that has gone since then is noticed by asking again.
  const info = await withinTime(docker.info() as Promise<EngineInfo>, answerTimeoutMs, 'the container engine').catch(
    (error: unknown) => messageOf(error),
  );
  if (typeof info === 'string') return { missing: `the container engine does not answer any more (${info})` };
  if (info.OSType !== undefined && info.OSType !== 'linux') {
    return { missing: `the container engine runs ${info.OSType} containers, and the images are for Linux` };
  }
  const { host } = client.info.containerRuntime;
  if (!isLoopback(host) && info.Name !== hostname()) {
    return { missing: `the container engine runs on ${host}: its loopback, where ports are published, is not ours` };
  }
  return { version: info.ServerVersion ?? 'unknown', client, docker };
}

/** What is used of the answer to `GET /info` (Docker Engine API 1.41). */
interface EngineInfo {
  ServerVersion?: string;
  OSType?: string;
  /** Name of the machine that the engine runs on. */
  Name?: string;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** The library only says that nothing works; the socket says why. */
async function reasonOf(): Promise<string> {
  const configured = process.env['DOCKER_HOST'];
  if (configured !== undefined && !configured.startsWith('unix://')) {
    return `DOCKER_HOST is set, but nothing answers there`;
  }
  const socket = configured?.slice('unix://'.length) ?? defaultSocket;
  const place = configured === undefined ? socket : `${socket} (DOCKER_HOST)`;
  return access(socket, constants.R_OK | constants.W_OK).then(
    () => `${place} is there, but no container engine answers on it`,
    (reason: NodeJS.ErrnoException) =>
      reason.code === 'EACCES'
        ? `${place} is there, but this user may not use it`
        : `no container engine runs here: there is no ${place}`,
  );
}
