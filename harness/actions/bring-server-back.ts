import { frontOf } from '../app.ts';
import { need } from '../context.ts';
import type { Action } from '../definition.ts';
import { bringBack } from '../outage.ts';

/** The failed server comes back, and clients are served by it again. */
export const bringServerBack: Action = {
  name: 'bring-server-back',
  title: 'Bring the failed server back into service',
  phase: 'verify',
  needs: ['servers', 'availability'],
  async execute(context) {
    await bringBack(context);
    context.state.apiUrl = await frontOf(context, need(context, 'app'));
  },
};
