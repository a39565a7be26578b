import { judgeSearchContent } from '../../checks/search.ts';
import type { Finding } from '../../domain/finding.ts';
import type { StoreAccess } from '../../domain/service.ts';
import type { SystemUnderDrill } from '../../domain/system.ts';
import { productionStores } from '../context.ts';
import type { DrillStep } from '../definition.ts';

/** Compares every index with the database by content. */
export async function judgeSearch(system: SystemUnderDrill, stores: StoreAccess): Promise<Finding[]> {
  return [judgeSearchContent((await system.searchContent?.(stores)) ?? [])];
}

export const searchMatchesDatabase: DrillStep = {
  name: 'search',
  title: 'The search index has the content of the restored database',
  phase: 'hand-over',
  async execute(context) {
    context.judge(await judgeSearch(context.system, productionStores(context)));
  },
};
