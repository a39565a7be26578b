import { setTimeout as sleep } from 'node:timers/promises';
import { startSabotageProxy, type SabotageProxy, type SabotageProxyOptions } from './http-proxy.ts';

export interface SlowEndpointOptions extends SabotageProxyOptions {
  /** How much later each answer comes, in milliseconds. */
  delayMs?: number;
}

/** Stands in front of an API and lets each answer of one path come 2.5 s later, with the content that it has. */
export async function slowEndpoint({ delayMs = 2_500, ...options }: SlowEndpointOptions): Promise<SabotageProxy> {
  return startSabotageProxy(options, {
    delay: async (signal) => {
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    },
  });
}
