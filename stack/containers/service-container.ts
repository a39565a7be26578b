import type Dockerode from 'dockerode';
import { messageOf } from '../../domain/drill-error.ts';
import type { RunningService, StartChanges } from '../../domain/service.ts';
import { lastLines } from '../log-tail.ts';
import { stillRunning } from '../native/still-running.ts';
import { smallDisk } from '../small-disk.ts';
import { changedPlan } from './changed-plan.ts';
import { readContainerLog } from './container-log.ts';
import { containerNetwork } from './container-network.ts';
import { isRunning, kill, pause, removeContainer, removeVolume, resume, start, stop } from './controls.ts';
import { isMissing } from './is-missing.ts';
import {
  launchContainer,
  notStarted,
  waitUntilReady,
  type ContainerOptions,
  type ContainerPlan,
} from './launch-container.ts';

/** A container of the stack with its volume: everything of a `RunningService` but what it tells of itself. */
export interface ServiceContainer extends Omit<RunningService, 'info'> {
  /** The container that it runs in now: another one after a start without data. */
  container(): Dockerode.Container;
}

/** Lines of the log that are kept when a container is removed with its data. */
const keptLines = 200;

/** Starts a service in a container, as `launchContainer` does, and gives it to who uses it. */
export async function startServiceContainer(options: ContainerOptions, plan: ContainerPlan): Promise<ServiceContainer> {
  const { run, role, engine } = options;
  const name = `firedrill-${run.runId}-${plan.service}-${role}-${run.nextNumber()}`;
  let container = await launchContainer(options, plan, name);
  // The log goes with its container; what it said last is kept.
  let lastLog: string | undefined;
  /** Whether the container is one that was made with changes. */
  let isChanged = false;
  const disk = smallDisk({
    run,
    service: plan.service,
    folder: async () => (await engine.docker.getVolume(name).inspect()).Mountpoint,
  });

  const remove = async (): Promise<void> => {
    lastLog ??= await readContainerLog(container, keptLines, plan.secrets);
    await removeContainer(container);
    await disk.drop();
    await removeVolume(engine.docker, name);
  };
  /** What a container is made of is fixed: with other variables it is another one, on the same volume. */
  const replace = async (changes: StartChanges | undefined): Promise<void> => {
    const changed = changes === undefined ? plan : await changedPlan(plan, changes);
    // Before the old one is gone: should the new one not start, the next start makes another.
    isChanged = true;
    await removeContainer(container);
    container = await launchContainer(options, changed, name, 'kept');
    isChanged = changes !== undefined;
  };
  const startAgain = async (changes?: StartChanges): Promise<void> => {
    if (lastLog === undefined && (isChanged || changes !== undefined)) {
      if (!(await isRunning(container))) await replace(changes);
      return;
    }
    if (lastLog === undefined) {
      await start(container).catch((error: unknown) => {
        throw notStarted(options, plan, messageOf(error).trim(), error);
      });
      await waitUntilReady(options, plan, container);
      return;
    }
    if (!plan.startsEmpty) throw notStarted(options, plan, 'its data were deleted');
    container = await launchContainer(options, changes ? await changedPlan(plan, changes) : plan, name);
    isChanged = changes !== undefined;
    lastLog = undefined;
  };

  return {
    container: () => container,
    start: startAgain,
    kill: () => kill(container),
    stop: () => stop(container),
    pause: () => pause(container),
    resume: () => resume(container),
    isRunning: () => isRunning(container),
    place: { kind: 'container', name, port: plan.port.host },
    disk,
    network: containerNetwork(engine.docker, () => container),
    deleteData: async () => {
      if (await isRunning(container)) throw stillRunning(`${plan.service} (${role})`);
      await remove();
    },
    dataExists: async () => {
      try {
        await engine.docker.getVolume(name).inspect();
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    logTail: async (lines = 20) =>
      lastLog === undefined ? readContainerLog(container, lines, plan.secrets) : lastLines(lastLog, lines),
    [Symbol.asyncDispose]: remove,
  };
}
