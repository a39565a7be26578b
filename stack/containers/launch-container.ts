import type Dockerode from 'dockerode';
import { LABEL_TESTCONTAINERS_SESSION_ID, PullPolicy } from 'testcontainers';
import { DrillError, messageOf } from '../../domain/drill-error.ts';
import type { RunContext } from '../run-context.ts';
import { waitUntil, type ProcessExit } from '../wait.ts';
import { readContainerLog } from './container-log.ts';
import { removeContainer, removeVolume } from './controls.ts';
import type { Engine } from './engine.ts';
import type { ImageFacts } from './image-facts.ts';
import type { ContainerService } from './images.ts';
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
  /** A new container with its environment and command; everything else is added here. */
  make: () => LoopbackContainer | LoopbackPostgres;
  port: PublishedPort;
  /** Folder in the container that holds the data; a volume of its own is mounted there. */
  dataFolder: string;
  /** Whether the service, once its data were deleted, may be started again and is empty then. */
  startsEmpty: boolean;
  /** What must not appear in messages and logs. */
  secrets: readonly string[];
  /** What the service is waited for, as a noun, and the question that it must answer. */
  ready: {
    whatFor: string;
    probe: (signal: AbortSignal) => Promise<boolean>;
    /** Whether it answers at all, for a start with changes. */
    alive: (signal: AbortSignal) => Promise<boolean>;
  };
  /** The user that the service runs as, where its container begins as another one. */
  runsAs?: string;
  /** Variables by which it knows other credentials; empty where they are in its data. */
  otherCredentials: Readonly<Record<string, string>>;
}

/**
 * Starts a container with a labelled volume for its data, both of the given name, and waits until the service in it
 * answers. On any failure both are removed again; a volume that was there before stays. Throws a `DrillError` (`service-start`).
 */
export async function launchContainer(
  options: ContainerOptions,
  plan: ContainerPlan,
  name: string,
  volume: 'new' | 'kept' = 'new',
): Promise<Dockerode.Container> {
  const { engine, run, role, reaperSession } = options;
  const labels = labelsOf(run, plan.service, role);
  const session = reaperSession && { [LABEL_TESTCONTAINERS_SESSION_ID]: reaperSession };
  if (volume === 'new') await engine.docker.createVolume({ Name: name, Labels: { ...labels, ...session } });
  let container: Dockerode.Container | undefined;
  const over = new AbortController();
  try {
    const made = plan.make();
    const started = configure(made, plan, name, labels, reaperSession !== undefined).start();
    // What the library still does when the container has ended early is of no interest then.
    started.catch(() => undefined);
    const id = await Promise.race([made.created.promise, started.then((running) => running.getId())]);
    container = engine.docker.getContainer(id);
    await Promise.all([waitUntilReady(options, plan, container, over.signal), started]);
    return container;
  } catch (error) {
    if (container !== undefined) await removeContainer(container);
    if (volume === 'new') await removeVolume(engine.docker, name);
    throw error instanceof DrillError ? error : notStarted(options, plan, messageOf(error).trim(), error);
  } finally {
    // The engine may have refused the start: nothing is waited for any longer.
    over.abort();
  }
}

function configure(
  container: LoopbackContainer | LoopbackPostgres,
  plan: ContainerPlan,
  name: string,
  labels: Record<string, string>,
  reaped: boolean,
): LoopbackContainer | LoopbackPostgres {
  return container
    .withName(name)
    .withLabels(labels)
    .withBindMounts([{ source: name, target: plan.dataFolder, mode: 'rw' }])
    .withExposedPorts(plan.port)
    .withAutoCleanup(reaped)
    .withPullPolicy(PullPolicy.neverPull())
    .withWaitStrategy(noWait);
}

/** Waits until the service answers; at once an error when its container ends, or `over` aborts. */
export async function waitUntilReady(
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

/** The error for a container that the engine did not start, or that was not to be started. */
export function notStarted(
  { role, image }: ContainerOptions,
  { service }: ContainerPlan,
  actual: string,
  cause?: unknown,
): DrillError {
  return new DrillError({
    code: 'service-start',
    service,
    what: `${service} (${role}) did not start`,
    expected: `the engine to start a container of ${image.reference}`,
    actual,
    ...(cause !== undefined && { cause }),
  });
}
