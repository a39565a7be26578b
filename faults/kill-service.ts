import type { Fault } from '../domain/fault.ts';
import type { RunningService } from '../domain/service.ts';
import { observeRefused, observeRunning } from './observation.ts';
import { struckBook } from './struck.ts';
import { nameOf, serviceOf, type Target } from './target.ts';

/** The service dies at once, as by a crash; its data stay. Lifted by a start on what it left. */
export function killService(target: Target): Fault {
  const struck = struckBook<RunningService>();
  return {
    name: `kill-service:${nameOf(target)}`,
    title: `${nameOf(target)} is killed`,
    claims: [{ target, effect: 'killed' }],
    async inject(stack) {
      const service = serviceOf(stack, target);
      struck.note(stack, service);
      await service.kill();
    },
    observe: async (stack) => [await observeRunning(stack, target, 'no'), await observeRefused(stack, target)],
    async lift(stack) {
      await struck.take(stack)?.start();
    },
  };
}
