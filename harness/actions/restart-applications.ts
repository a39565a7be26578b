import { frontOf, startApp } from '../app.ts';
import { need, productionStores } from '../context.ts';
import type { Action } from '../definition.ts';

/** API and worker again, on the new database server, at the address they had. */
export const restartApplications: Action = {
  name: 'restart-applications',
  title: 'Restart API and worker',
  phase: 'resume',
  async execute(context) {
    const { apiPort } = need(context, 'app');
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
