import type { Action } from '../definition.ts';
import { failOver } from '../outage.ts';

/** The load balancer takes the failed server out by itself: the step is done when clients see no errors any more. */
export const awaitFailover: Action = {
  name: 'await-failover',
  title: 'Wait for the failover and judge what clients saw of it',
  phase: 'restore',
  needs: ['servers', 'availability'],
  execute: failOver,
};
