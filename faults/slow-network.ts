import type { Fault } from '../domain/fault.ts';
import { ask, askLimitMs } from './ask.ts';
import { networkFault } from './network-fault.ts';
import { answerObservation } from './observation.ts';
import { nameOf, type Target } from './target.ts';

export interface SlowNetworkOptions {
  /** How much later each piece arrives in each direction, in milliseconds; default 400. */
  delayMs?: number;
}

/** Exchanges of the client that takes most before it has its answer (PostgreSQL with its log-in), and some to spare. */
const exchanges = 8;

/** The service answers, but late: each piece arrives later, to it and from it. */
export function slowNetwork(target: Target, { delayMs = 400 }: SlowNetworkOptions = {}): Fault {
  const roundTripMs = 2 * delayMs;
  return networkFault({
    name: 'slow-network',
    title: `the network to ${nameOf(target)} is slow: ${delayMs} ms each way`,
    target,
    passage: { kind: 'slow', delayMs },
    async observe(reached) {
      const answer = await ask(reached, askLimitMs + exchanges * roundTripMs);
      const late = answer.kind === 'answered' && answer.tookMs >= roundTripMs;
      return [answerObservation(target, answer, `yes, but not before ${roundTripMs} ms`, late)];
    },
  });
}
