import type { Fault } from '../domain/fault.ts';
import type { RunningService } from '../domain/service.ts';
import { networkFault } from './network-fault.ts';
import { observeAnswer } from './observation.ts';
import { struckBook } from './struck.ts';
import { directAccessOf, nameOf, serviceOf, type Access, type Target } from './target.ts';

/**
 * The service runs, but has no network. A container is taken out of its network, and put back by the lift. A local
 * process has the network of the machine: there the proxy in front of it (`startServiceProxy`) refuses its clients; as
 * with every fault by a proxy, injecting throws a `DrillError` (`configuration`) without one.
 */
export function cutNetwork(target: Target): Fault {
  const struck = struckBook<RunningService>();
  const observe = async (reached: Access): ReturnType<Fault['observe']> => [
    await observeAnswer(target, reached, { kinds: ['refused', 'cut', 'silent'], expected: 'no connection' }),
  ];
  const byProxy = networkFault({
    name: 'cut-network',
    title: `${nameOf(target)} has no network: its container is disconnected, a local process is refused by the proxy`,
    target,
    passage: { kind: 'refused' },
    observe,
  });
  return {
    ...byProxy,
    async inject(stack) {
      const service = serviceOf(stack, target);
      if (service.network === undefined) return byProxy.inject(stack);
      struck.note(stack, service);
      return service.network.cut();
    },
    async observe(stack) {
      const { network } = serviceOf(stack, target);
      return network === undefined ? byProxy.observe(stack) : observe(directAccessOf(stack, target));
    },
    async lift(stack) {
      const service = struck.take(stack);
      if (service?.network === undefined) return byProxy.lift(stack);
      // One whose data were deleted since has no container any more.
      if (await service.isRunning()) await service.network.join();
    },
  };
}
