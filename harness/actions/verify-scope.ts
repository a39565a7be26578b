import { need } from '../context.ts';
import type { Action } from '../definition.ts';
import { openOutage } from '../outage.ts';

/** Which server has failed, and is there one that is left? The load balancer is asked for each of them. */
export const verifyScope: Action = {
  name: 'verify-scope',
  title: 'Ask the load balancer which server has failed',
  phase: 'detect',
  needs: ['servers'],
  async execute(context) {
    const { struck, injectedAt, injectedMs, detectedMs } = need(context, 'fault');
    await openOutage(context, { fault: struck, injectedAt, injectedMs, detectedMs });
  },
};
