import type { Fault } from '../domain/fault.ts';
import type { RunningService } from '../domain/service.ts';
import { observeNoData, observeRefused, observeRunning } from './observation.ts';
import { struckBook } from './struck.ts';
import { nameOf, serviceOf, type Target } from './target.ts';

/**
 * The service dies at once and its data are deleted. What is deleted stays deleted: recovery has to bring it back.
 * Lifting only finishes a deletion that was cut short, and leaves alone what runs again by then.
 */
export function deleteData(target: Target): Fault {
  const struck = struckBook<RunningService>();
  return {
    name: `delete-data:${nameOf(target)}`,
    title: `${nameOf(target)} is killed and its data deleted`,
    claims: [{ target, effect: 'destroyed' }],
    async inject(stack) {
      const service = serviceOf(stack, target);
      struck.note(stack, service);
      await service.kill();
      await service.deleteData();
    },
    observe: async (stack) => [
      await observeRunning(stack, target, 'no'),
      await observeNoData(stack, target),
      await observeRefused(stack, target),
    ],
    async lift(stack) {
      const service = struck.take(stack);
      if (service !== undefined && !(await service.isRunning())) await service.deleteData();
    },
  };
}
