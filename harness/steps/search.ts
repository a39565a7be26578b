import { judgeEdits, judgeKeysByHttp, judgeSettingsByHttp } from '../../checks/search-by-http.ts';
import { judgeSearchContent } from '../../checks/search.ts';
import { notApplicable, type Finding } from '../../domain/finding.ts';
import type { StoreAccess } from '../../domain/service.ts';
import type { SystemUnderDrill } from '../../domain/system.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { askDocument, askSearch } from '../search-http.ts';

/** Compares every index with the database by content. */
export async function judgeSearch(system: SystemUnderDrill, stores: StoreAccess): Promise<Finding[]> {
  if (!system.searchContent)
    return [
      notApplicable('search.content', 'documents with the content of the database', 'the system has no search index'),
    ];
  return [judgeSearchContent(await system.searchContent(stores))];
}

export const searchMatchesDatabase: DrillStep = {
  name: 'search',
  title: 'The search index has the content of the restored database',
  phase: 'hand-over',
  async execute(context) {
    context.judge(await judgeSearch(context.system, productionStores(context)));
    context.judge(await judgeSearchAgain(context));
  },
};

/**
 * Once more by plain HTTP, past the client, after all that was caught up: settings and keys as they were before the
 * fault, and the rows that were edited since the backup as the database has them.
 */
export async function judgeSearchAgain(context: DrillContext): Promise<Finding[]> {
  const { searchBefore: before, searchEdits: edits, searchComeback, recoveryPoints } = context.state;
  const { access } = need(context, 'search');
  const found: Finding[] = [];
  if (edits) {
    const now = await Promise.all(edits.map(({ index, id }) => askDocument(access, index, id)));
    found.push(judgeEdits(edits, now, recoveryPoints?.postgres?.source === 'backup' ? 'restored' : 'survived'));
  }
  if (before) {
    const now = await askSearch(access);
    const madeAnew = searchComeback !== undefined && searchComeback.recovery === undefined;
    found.push(judgeSettingsByHttp(before, now), judgeKeysByHttp(before, now, { madeAnew }));
  }
  return found;
}
