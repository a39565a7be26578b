import type { Fault, FaultObservation } from '../domain/fault.ts';
import type { RunningService, Stack } from '../domain/service.ts';
import { takesConnections } from './ask.ts';
import { observeAnswer, observeRunning } from './observation.ts';
import { struckBook } from './struck.ts';
import { addressOf, directAccessOf, nameOf, serviceOf, type Target } from './target.ts';

/** The service is halted as it stands: it takes connections and never answers. Lifted by letting it go on. */
export function hangService(target: Target): Fault {
  const struck = struckBook<RunningService>();
  return {
    name: `hang-service:${nameOf(target)}`,
    title: `${nameOf(target)} hangs: it takes connections and never answers`,
    claims: [{ target, effect: 'hung' }],
    async inject(stack) {
      const service = serviceOf(stack, target);
      struck.note(stack, service);
      await service.pause();
    },
    observe: async (stack) => [
      await observeRunning(stack, target, 'yes'),
      await observeConnection(stack, target),
      await observeAnswer(target, directAccessOf(stack, target), { kinds: ['silent'], expected: 'no answer in time' }),
    ],
    async lift(stack) {
      await struck.take(stack)?.resume();
    },
  };
}

async function observeConnection(stack: Stack, target: Target): Promise<FaultObservation> {
  const actual = (await takesConnections(addressOf(directAccessOf(stack, target)))) ? 'yes' : 'no';
  return { question: `Does ${nameOf(target)} take connections?`, expected: 'yes', actual, bitten: actual === 'yes' };
}
