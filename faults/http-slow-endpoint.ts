import { setTimeout as sleep } from 'node:timers/promises';
import { startSabotageProxy, type SabotageProxy, type SabotageProxyOptions } from './http-proxy.ts';

export interface SlowEndpointOptions extends SabotageProxyOptions {
  /** How much later the end of an answer comes, in milliseconds. */
  delayMs?: number;
  /** Which request of the path is slow, counted from 1; all of them where it is not said. */
  only?: number;
}

/**
 * Stands in front of an API and lets the last byte of an answer of one path come 2.5 s later than the rest of it: its
 * headers are there at once, as where a server begins to write before it has read what it answers.
 */
export async function slowEndpoint({ delayMs = 2_500, only, ...options }: SlowEndpointOptions): Promise<SabotageProxy> {
  let answered = 0;
  return startSabotageProxy(options, {
    delayEnd: async (signal) => {
      answered += 1;
      if (only !== undefined && answered !== only) return;
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    },
  });
}
