import type Dockerode from 'dockerode';
import type { ServiceNetwork } from '../../domain/service.ts';

/**
 * The networks of a container: it is taken out of all of them and put back into the same. Its port is published again
 * with the network. `container` is the one that runs now.
 */
export function containerNetwork(docker: Dockerode, container: () => Dockerode.Container): ServiceNetwork {
  /** By the container that was taken out: another one that has come since is in its networks already. */
  const cutFrom = new Map<string, Set<string>>();
  return {
    async cut() {
      const { id } = container();
      const { NetworkSettings: settings } = await container().inspect();
      const names = cutFrom.get(id) ?? new Set();
      cutFrom.set(id, names);
      for (const name of Object.keys(settings.Networks)) {
        names.add(name);
        await docker.getNetwork(name).disconnect({ Container: id, Force: true });
      }
    },

    async join() {
      const { id } = container();
      const { NetworkSettings: settings } = await container().inspect();
      for (const name of cutFrom.get(id) ?? []) {
        if (!(name in settings.Networks)) await docker.getNetwork(name).connect({ Container: id });
      }
      cutFrom.delete(id);
    },
  };
}
