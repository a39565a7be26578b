import type Dockerode from 'dockerode';
import { LABEL_TESTCONTAINERS_SESSION_ID, PullPolicy } from 'testcontainers';
import { DrillError, messageOf } from '../../domain/drill-error.ts';
import type { RunningService } from '../../domain/service.ts';
import type { RunContext } from '../run-context.ts';
import { waitUntil, type ProcessExit } from '../wait.ts';
import { readContainerLog } from './container-log.ts';
import { isRunning, kill, removeContainer, removeVolume, start, stop } from './controls.ts';
import type { Engine } from './engine.ts';
import type { ImageFacts } from './image-facts.ts';
import type { ContainerService } from './images.ts';
import { isMissing } from './is-missing.ts';
import { labelsOf } from './labels.ts';
import { noWait, type LoopbackContainer, type LoopbackPostgres, type PublishedPort } from './loopback-container.ts';

/** What is the same for every service of a stack. */
export interface ContainerOptions {
  engine: Engine;
  run: RunContext;
  role: string;
  image: ImageFacts;
  /** Session of the library's reaper, where it runs. */
  reaperSession: string | undefined;
  signal: AbortSignal;
  startTimeoutMs?: number;
}

export interface ContainerPlan {
  service: ContainerService;
  /** With its environment and command; everything else is added here. */
  container: LoopbackContainer | LoopbackPostgres;
  port: PublishedPort;
  /** Folder in the container that holds the data; a volume of its own is mounted there. */
  dataFolder: string;
  /** What must not appear in messages and logs. */
  secrets: readonly string[];
  /** What the service is waited for, as a noun, and the question that it must answer. */
  ready: { whatFor: string; probe: (signal: AbortSignal) => Promise<boolean> };
}

/** A container of the stack with its volume: everything of a `RunningService` but what it tells of itself. */
export interface ServiceContainer extends Omit<RunningService, 'info'> {
  readonly container: Dockerode.Container;
}

/**
 * Starts a container with a labelled volume for its data and waits until the service in it answers. On any failure
 * both are removed again. Throws a `DrillError` (`service-start`).
 */
export async function startServiceContainer(options: ContainerOptions, plan: ContainerPlan): Promise<ServiceContainer> {
  const { engine, run, role } = options;
  const { service } = plan;
  const name = `firedrill-${run.runId}-${service}-${role}-${run.nextNumber()}`;
  const labels = labelsOf(run, service, role);
  const session = options.reaperSession && { [LABEL_TESTCONTAINERS_SESSION_ID]: options.reaperSession };
  await engine.docker.createVolume({ Name: name, Labels: { ...labels, ...session } });
  let container: Dockerode.Container | undefined;
  const over = new AbortController();
  try {
    const started = configure(plan, name, labels, options.reaperSession !== undefined).start();
    // What the library still does when the container has ended early is of no interest then.
    started.catch(() => undefined);
    const id = await Promise.race([plan.container.created.promise, started.then((running) => running.getId())]);
    container = engine.docker.getContainer(id);
    await Promise.all([waitUntilReady(options, plan, container, over.signal), started]);
    return serviceContainer(options, plan, name, container);
  } catch (error) {
    if (container !== undefined) await removeContainer(container);
    await removeVolume(engine.docker, name);
    throw error instanceof DrillError ? error : notStarted(options, plan, error);
  } finally {
    // The engine may have refused the start: nothing is waited for any longer.
    over.abort();
  }
}

function configure(
  plan: ContainerPlan,
  name: string,
  labels: Record<string, string>,
  reaped: boolean,
): LoopbackContainer | LoopbackPostgres {
  return plan.container
    .withName(name)
    .withLabels(labels)
    .withBindMounts([{ source: name, target: plan.dataFolder, mode: 'rw' }])
    .withExposedPorts(plan.port)
    .withAutoCleanup(reaped)
    .withPullPolicy(PullPolicy.neverPull())
    .withWaitStrategy(noWait);
}

async function waitUntilReady(
  { run, role, signal, startTimeoutMs = 120_000 }: ContainerOptions,
  { service, ready, secrets }: ContainerPlan,
  container: Dockerode.Container,
  over?: AbortSignal,
): Promise<void> {
  const exited = Promise.withResolvers<ProcessExit>();
  const probe = async (probing: AbortSignal): Promise<boolean> => {
    const { State: state } = await container.inspect();
    if (state.Status === 'exited' || state.Status === 'dead') {
      exited.resolve({ code: state.ExitCode, signal: undefined });
    }
    return state.Running && ready.probe(probing);
  };
  await waitUntil(service, ready.whatFor, probe, {
    role,
    clock: run.clock,
    signal: over === undefined ? signal : AbortSignal.any([signal, over]),
    timeoutMs: startTimeoutMs,
    exited: exited.promise,
    logTail: () => readContainerLog(container, 20, secrets),
  });
}

function serviceContainer(
  options: ContainerOptions,
  plan: ContainerPlan,
  volume: string,
  container: Dockerode.Container,
): ServiceContainer {
  const { docker } = options.engine;
  // The log goes with its container; what it said last is kept.
  let lastLog: string | undefined;
  const remove = async (): Promise<void> => {
    lastLog ??= await readContainerLog(container, 200, plan.secrets);
    await removeContainer(container);
    await removeVolume(docker, volume);
  };
  return {
    container,
    start: async () => {
      await start(container).catch((error: unknown) => {
        throw notStarted(options, plan, error);
      });
      await waitUntilReady(options, plan, container);
    },
    kill: () => kill(container),
    stop: () => stop(container),
    isRunning: () => isRunning(container),
    deleteData: async () => {
      if (await isRunning(container)) throw stillRunning(plan.service, options.role);
      await remove();
    },
    dataExists: async () => {
      try {
        await docker.getVolume(volume).inspect();
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    logTail: async (lines = 20) =>
      lastLog === undefined
        ? readContainerLog(container, lines, plan.secrets)
        : lastLog.split('\n').slice(-lines).join('\n'),
    [Symbol.asyncDispose]: remove,
  };
}

function notStarted({ role, image }: ContainerOptions, { service }: ContainerPlan, cause: unknown): DrillError {
  return new DrillError({
    code: 'service-start',
    service,
    what: `${service} (${role}) did not start`,
    expected: `the engine to start a container of ${image.reference}`,
    actual: messageOf(cause).trim(),
    cause,
  });
}

function stillRunning(service: ContainerService, role: string): DrillError {
  return new DrillError({
    code: 'internal',
    service,
    what: `the data of ${service} (${role}) was to be deleted`,
    expected: 'a service that does not run',
    actual: 'it runs',
  });
}
