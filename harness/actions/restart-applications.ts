import { frontOf, startApp } from '../app.ts';
import { need, productionStores } from '../context.ts';
import type { Action } from '../definition.ts';

/**
 * The application again, on the stores that serve now: at the address it had, or elsewhere where clients have an address
 * that is switched to it.
 */
export const restartApplications: Action = {
  name: 'restart-applications',
  title: 'Restart API and worker',
  phase: 'resume',
  async execute(context) {
    const apiPort = context.state.front ? await need(context, 'stack').freePort() : need(context, 'app').apiPort;
    const app = await startApp(context, {
      stores: productionStores(context),
      role: 'recovered',
      apiPort,
      worker: true,
    });
    context.state.app = app;
    context.state.apiUrl = await frontOf(context, app);
  },
};
