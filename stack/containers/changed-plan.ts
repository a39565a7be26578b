import type { StartChanges } from '../../domain/service.ts';
import { changedStart } from '../start-changes.ts';
import type { ContainerPlan } from './launch-container.ts';

/** Where a container finds the library that gives it another clock; it is copied from this machine. */
const libraryInside = '/firedrill-libfaketime.so';

/** The plan of a container with changes: up when it answers at all. Throws a `DrillError` (`unsupported`). */
export async function changedPlan(plan: ContainerPlan, changes: StartChanges): Promise<ContainerPlan> {
  const { environment, library } = await changedStart(plan, changes, libraryInside);
  const { whatFor, alive } = plan.ready;
  return {
    ...plan,
    ready: { whatFor, probe: alive, alive },
    make: () => {
      const container = plan.make().withEnvironment(environment);
      if (library === undefined) return container;
      // What the library shares between its processes is open to the first user alone.
      if (plan.runsAs !== undefined) container.withUser(plan.runsAs);
      return container.withCopyFilesToContainer([{ source: library, target: libraryInside, mode: 0o755 }]);
    },
  };
}
