import { stopApp } from '../app.ts';
import { need } from '../context.ts';
import type { Action } from '../definition.ts';

/** No writes into a database that is being restored: API and worker are stopped. */
export const stopApplications: Action = {
  name: 'stop-applications',
  title: 'Stop API and worker',
  phase: 'decide',
  async execute(context) {
    await context.state.markers?.stop();
    await stopApp(need(context, 'app'));
  },
};
