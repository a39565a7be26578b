import { DrillError } from '../domain/drill-error.ts';
import type { Fault, FaultObservation } from '../domain/fault.ts';
import { serviceProxyOf } from './service-proxy.ts';
import { directAccessOf, nameOf, type Access, type Target } from './target.ts';
import type { Passage } from './tcp-proxy.ts';

export interface NetworkFaultOptions {
  name: string;
  title: string;
  target: Target;
  /** What the proxy in front of the service does. */
  passage: Passage;
  /** Asks the service by the way that its clients take. */
  observe: (reached: Access) => Promise<FaultObservation[]>;
}

/**
 * A fault of the network between a service and its clients, by the proxy that stands in front of it
 * (`startServiceProxy`). Without one there is no way that could be struck: then injecting throws a `DrillError`
 * (`configuration`). Lifted by letting everything pass again.
 */
export function networkFault({ name, title, target, passage, observe }: NetworkFaultOptions): Fault {
  return {
    name: `${name}:${nameOf(target)}`,
    title,
    claims: [{ target, effect: 'impaired' }],
    async inject(stack) {
      const proxy = serviceProxyOf(stack, target);
      if (proxy === undefined) throw noProxy(name, target);
      await proxy.tcp.set(passage);
    },
    observe: async (stack) => observe(serviceProxyOf(stack, target)?.access ?? directAccessOf(stack, target)),
    async lift(stack) {
      const proxy = serviceProxyOf(stack, target);
      // Another fault of the network may have struck since: what it does is its own to lift.
      if (proxy?.tcp.passage() === passage) await proxy.tcp.set({ kind: 'open' });
    },
  };
}

function noProxy(name: string, target: Target): DrillError {
  return new DrillError({
    code: 'configuration',
    service: target.service,
    what: `the fault ${name} has no network to strike`,
    expected: `a proxy of the run in front of ${nameOf(target)}, which its clients go through`,
    actual: 'none',
  });
}
