import { apiUrlOf, startApp, stopApp } from '../app.ts';
import { need, productionStores } from '../context.ts';
import type { Action } from '../definition.ts';
import { reindex } from '../reindex.ts';
import { sabotageAt } from '../sabotage.ts';

/**
 * Rebuilds the search index from the restored database. The runbooks ask the API for it, which they stopped two steps
 * before: it is started in maintenance mode, closed to everyone else.
 */
export const reindexSearch: Action = {
  name: 'reindex-search',
  title: 'Rebuild the search index from the database',
  phase: 'resume',
  needs: ['search'],
  async execute(context) {
    const stores = productionStores(context);
    const tokens = need(context, 'tokens');
    await context.system.setCredentials(stores, tokens);
    const { apiPort } = need(context, 'app');
    const app = await startApp(context, { stores, role: 'maintenance', apiPort, maintenance: true, worker: false });
    try {
      const access = { ...stores, apiUrl: apiUrlOf(app), tokens };
      const { documents } = await reindex(context, access);
      context.progress().info(`${documents.toLocaleString('en')} documents indexed`);
    } finally {
      await stopApp(app);
    }
    const coveredAt = context.state.recovery?.restorePoint.manifest.coveredAt;
    need(context, 'recoveryPoints').search = {
      store: 'search',
      source: 'rebuilt',
      detail: 'rebuilt from the database',
      ...(coveredAt !== undefined && { coveredAt }),
    };
    await sabotageAt(context, 'search-restored');
  },
};
