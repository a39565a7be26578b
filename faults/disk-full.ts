import type { Fault } from '../domain/fault.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { RunningService, ServiceDisk, Stack } from '../domain/service.ts';
import { observeWrite } from './observe-write.ts';
import { orLift } from './restart.ts';
import { struckBook } from './struck.ts';
import { nameOf, serviceOf, type Target } from './target.ts';

/** What a store needs to start again: PostgreSQL writes files of 16 MiB. */
const startBytes = 64 * 1024 ** 2;

/**
 * The disk of a store is full. Its data are moved to a small disk in memory, on which nothing is left once the store runs
 * again; no disk of the machine is filled. Injecting throws a `DrillError` (`unsupported`) where no such disk can be
 * mounted; the store runs as before then. Lifted by moving the data back.
 */
export function diskFull(target: Target): Fault {
  const struck = struckBook<RunningService>();
  const lift = async (stack: Stack): Promise<void> => {
    const service = struck.take(stack);
    // What was deleted since is left alone: recovery has to bring it back.
    if (service === undefined || !(await service.dataExists())) return;
    // It may have ended by itself, as a database does that cannot write its log.
    await service.stop();
    await service.disk?.release();
    await service.start();
  };
  return {
    name: `disk-full:${nameOf(target)}`,
    title: `the disk of ${nameOf(target)} is full`,
    claims: [{ target, effect: 'impaired' }],
    async inject(stack) {
      const service = serviceOf(stack, target);
      const disk = diskOf(target, service);
      struck.note(stack, service);
      const strike = async (): Promise<void> => {
        await service.stop();
        await disk.confine(startBytes);
        await service.start();
        await disk.fill();
      };
      await orLift(strike, () => lift(stack));
    },
    observe: async (stack) => [await observeWrite(stack, target)],
    lift,
  };
}

function diskOf(target: Target, { disk }: RunningService): ServiceDisk {
  if (disk !== undefined) return disk;
  throw new DrillError({
    code: 'configuration',
    service: target.service,
    what: 'the fault disk-full has nothing to strike',
    expected: 'a service that keeps data',
    actual: nameOf(target),
  });
}
