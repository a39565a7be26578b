import { PostgreSqlContainer } from '@testcontainers/postgresql';
import type { HostConfig } from 'dockerode';
import { GenericContainer, type WaitStrategy } from 'testcontainers';

/** Where a container's port is published: `container` in it, `host` on 127.0.0.1. */
export interface PublishedPort {
  container: number;
  host: number;
}

/** A container whose port is published on 127.0.0.1 alone; the library itself would publish it on every address. */
export class LoopbackContainer extends GenericContainer {
  readonly created = Promise.withResolvers<string>();

  protected override beforeContainerCreated(): Promise<void> {
    bindToLoopback(this.hostConfig);
    return Promise.resolve();
  }

  protected override containerCreated(containerId: string): Promise<void> {
    this.created.resolve(containerId);
    return Promise.resolve();
  }
}

/** As `LoopbackContainer`, for the library's Postgres. */
export class LoopbackPostgres extends PostgreSqlContainer {
  readonly created = Promise.withResolvers<string>();

  protected override beforeContainerCreated(): Promise<void> {
    bindToLoopback(this.hostConfig);
    return Promise.resolve();
  }

  protected override containerCreated(containerId: string): Promise<void> {
    this.created.resolve(containerId);
    return Promise.resolve();
  }
}

/**
 * Leaves the waiting to us: the library's own waits remove a container that failed together with its log, and cannot
 * tell a container that has ended from one that is slow.
 */
export const noWait: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => noWait,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

function bindToLoopback(hostConfig: HostConfig): void {
  const bindings = hostConfig.PortBindings as Record<string, { HostIp?: string; HostPort?: string }[]>;
  for (const published of Object.values(bindings)) {
    for (const binding of published) binding.HostIp = '127.0.0.1';
  }
}
