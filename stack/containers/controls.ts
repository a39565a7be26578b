import type Dockerode from 'dockerode';
import { isAlreadySo, isMissing } from './is-missing.ts';

/** Ends a container at once, as a crash does (SIGKILL), and waits until it has ended. Idempotent. */
export async function kill(container: Dockerode.Container): Promise<void> {
  await unlessDone(container.kill({ signal: 'SIGKILL' }));
  // A frozen process ends only once it is thawed, and some engines refuse to signal it before.
  if (await isPaused(container)) {
    await resume(container);
    await unlessDone(container.kill({ signal: 'SIGKILL' }));
  }
  await unlessDone(container.wait());
}

/** Ends a container in order, by the stop signal of its image; after `graceSeconds` by SIGKILL. Idempotent. */
export async function stop(container: Dockerode.Container, graceSeconds = 60): Promise<void> {
  await resume(container);
  await unlessDone(container.stop({ t: graceSeconds }));
}

/** Starts a container again. Idempotent; throws when it was removed. */
export async function start(container: Dockerode.Container): Promise<void> {
  try {
    await container.start();
  } catch (error) {
    if (!isAlreadySo(error)) throw error;
  }
}

/** Freezes all processes of a container. Idempotent; does nothing where it does not run. */
export async function pause(container: Dockerode.Container): Promise<void> {
  if (!(await isPaused(container))) await unlessDone(container.pause());
}

/** Lets a paused container go on. Idempotent; does nothing where it is not paused. */
export async function resume(container: Dockerode.Container): Promise<void> {
  if (await isPaused(container)) await unlessDone(container.unpause());
}

/** Whether the container is there and its process runs. */
export async function isRunning(container: Dockerode.Container): Promise<boolean> {
  try {
    return (await container.inspect()).State.Running;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function isPaused(container: Dockerode.Container): Promise<boolean> {
  try {
    return (await container.inspect()).State.Paused;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Removes a container, even one that runs, with its nameless volumes. Idempotent. */
export async function removeContainer(container: Dockerode.Container): Promise<void> {
  await resume(container);
  await unlessDone(container.remove({ force: true, v: true }));
  // Somebody else may be removing it at this moment (409): it is gone when the engine no longer knows it.
  await unlessDone(container.wait({ condition: 'removed' }));
}

/** Removes a volume. Idempotent; throws when a container uses it. */
export async function removeVolume(docker: Dockerode, name: string): Promise<void> {
  try {
    await docker.getVolume(name).remove();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function unlessDone(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!isMissing(error) && !isAlreadySo(error)) throw error;
  }
}
