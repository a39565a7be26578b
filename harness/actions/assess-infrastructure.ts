import { DrillError } from '../../domain/drill-error.ts';
import { ask } from '../../faults/ask.ts';
import { need, productionStores } from '../context.ts';
import type { Action } from '../definition.ts';
import { findBackupSet } from '../steps/backup-set.ts';

/** What still answers, and what there is to recover from: one backup of everything, found by its manifests alone. */
export const assessInfrastructure: Action = {
  name: 'assess-infrastructure',
  title: 'Ask every service, and find the newest backup of everything',
  phase: 'detect',
  async execute(context) {
    const stores = productionStores(context);
    const answers = await Promise.all([
      ask({ service: 'postgres', access: stores.postgres }),
      ask({ service: 'objects', access: stores.objects }),
      ask({ service: 'search', access: stores.search }),
      ask({ service: 'api', access: { baseUrl: need(context, 'apiUrl') } }),
    ]);
    const [postgres, objects, search, api] = answers.map(({ text }) => text);
    context.progress().info(`database: ${postgres}; objects: ${objects}; search: ${search}; application: ${api}`);
    const found = await findBackupSet(context);
    if (!found.postgres || !found.objects || !found.search) {
      throw new DrillError({
        code: 'backup-missing',
        service: 'backups',
        what: 'the newest backup of everything is not whole, so there is no one point to recover to',
        expected: 'a part of each store',
        actual: `${Object.keys(found.set.members).join(', ') || 'none'} in set ${found.set.id}`,
      });
    }
    context.state.restorePoint = found.postgres;
    context.state.objectsRestorePoint = found.objects;
    context.state.searchRestorePoint = found.search;
  },
};
