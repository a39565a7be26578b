import { startTcpProxy, type TcpProxy } from '../faults/tcp-proxy.ts';
import { need, type DrillContext } from './context.ts';

/**
 * The address that clients of the application know, as a name in the DNS: it stays, and what it points at is switched
 * when the application is brought up elsewhere.
 */
export interface FrontAddress {
  url: string;
  proxy: TcpProxy;
}

/** Stands an address in front of the application at a port. It is there until the clean-up. */
export async function startFront(context: DrillContext, apiPort: number): Promise<FrontAddress> {
  const port = await need(context, 'stack').freePort();
  const proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: apiPort }, port });
  context.disposables.push(proxy);
  return { url: `http://127.0.0.1:${port}`, proxy };
}
