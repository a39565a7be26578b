import type { Fault } from '../domain/fault.ts';
import { networkFault } from './network-fault.ts';
import { observeAnswer } from './observation.ts';
import { nameOf, type Target } from './target.ts';

/** The service runs, but each connection to it is reset before an answer comes, those that its clients had as well. */
export function lostConnections(target: Target): Fault {
  return networkFault({
    name: 'lost-connections',
    title: `connections to ${nameOf(target)} are lost before an answer comes`,
    target,
    passage: { kind: 'cut' },
    observe: async (reached) => [await observeAnswer(target, reached, { kinds: ['cut'], expected: 'connection lost' })],
  });
}
