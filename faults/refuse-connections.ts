import type { Fault } from '../domain/fault.ts';
import { networkFault } from './network-fault.ts';
import { observeAnswer } from './observation.ts';
import { nameOf, type Target } from './target.ts';

/** The service runs, but its clients are refused; the connections that they had are lost. */
export function refuseConnections(target: Target): Fault {
  return networkFault({
    name: 'refuse-connections',
    title: `${nameOf(target)} cannot be reached: connections are refused`,
    target,
    passage: { kind: 'refused' },
    observe: async (reached) => [
      await observeAnswer(target, reached, { kinds: ['refused'], expected: 'connection refused' }),
    ],
  });
}
