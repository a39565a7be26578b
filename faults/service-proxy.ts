import type { Stack } from '../domain/service.ts';
import { struckBook } from './struck.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { accessByPort, addressOf, directAccessOf, nameOf, type Access, type Target } from './target.ts';

/** A proxy of the run that stands in front of a service, for the faults of the network between it and its clients. */
export interface ServiceProxy extends AsyncDisposable {
  /** How the service is reached through it: what its clients are to be told. */
  readonly access: Access;
  readonly tcp: TcpProxy;
}

const standing = struckBook<Map<string, ServiceProxy>>();

/**
 * Stands a proxy in front of a service, on a port of its own, and passes everything on until a fault strikes. Who calls
 * this disposes it, and tells the clients of the service its `access`. There is one for each service: it is an
 * error of the caller to start a second.
 */
export async function startServiceProxy(stack: Stack, target: Target): Promise<ServiceProxy> {
  const direct = directAccessOf(stack, target);
  const port = await stack.freePort();
  const tcp = await startTcpProxy({ target: addressOf(direct), port });
  const proxies = standing.get(stack) ?? new Map<string, ServiceProxy>();
  standing.note(stack, proxies);
  const proxy: ServiceProxy = {
    access: accessByPort(direct, port),
    tcp,
    async [Symbol.asyncDispose]() {
      if (proxies.get(nameOf(target)) === proxy) proxies.delete(nameOf(target));
      await tcp[Symbol.asyncDispose]();
    },
  };
  proxies.set(nameOf(target), proxy);
  return proxy;
}

/** The proxy that stands in front of a service now. */
export function serviceProxyOf(stack: Stack, target: Target): ServiceProxy | undefined {
  return standing.get(stack)?.get(nameOf(target));
}
