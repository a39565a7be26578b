import { judgeKeysRemade, judgeSettingsRemade } from '../../checks/search-backup.ts';
import { observeSearch } from '../../recovery/search-state.ts';
import { apiUrlOf } from '../app.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { Action } from '../definition.ts';
import { sabotageAt } from '../sabotage.ts';
import { catchUpSearch } from '../search-ways.ts';
import { restartApplications } from './restart-applications.ts';
import { stopApplications } from './stop-applications.ts';

/**
 * The application is told of the new search server and restarted on it, then has the index filled: with what changed
 * since the backup, or, in an empty server, with everything.
 */
export const catchUpSearchAction: Action = {
  name: 'catch-up-search',
  title: 'Restart the application on the new search server and index what it lacks',
  phase: 'resume',
  needs: ['search'],
  laterPhases: ['restore', 'verify'],
  async execute(context) {
    await stopApplications.execute(context);
    await restartApplications.execute(context);
    context.progress().info('the application runs on the address of the new search server');
    context.enterPhase('restore');
    const { recovery } = need(context, 'searchComeback');
    const stores = productionStores(context);
    const access = { ...stores, apiUrl: apiUrlOf(need(context, 'app')), tokens: need(context, 'tokens') };
    const coveredAt = recovery?.restorePoint.manifest.coveredAt;
    const caughtUp = await catchUpSearch(context, access, coveredAt);
    context.state.searchCatchUp = caughtUp;
    const points = need(context, 'recoveryPoints');
    if (points.search && caughtUp.since !== undefined) {
      points.search.detail += `, then caught up from the database since ${caughtUp.since}`;
    }
    points.search ??= { store: 'search', source: 'rebuilt', detail: 'rebuilt from the database' };
    if (recovery === undefined) {
      await sabotageAt(context, 'search-restored');
      context.enterPhase('verify');
      await judgeRebuilt(context);
    }
  },
};

/** Settings and keys are not in the database: whether they are back after a rebuild, and which keys are not. */
async function judgeRebuilt(context: DrillContext): Promise<void> {
  const now = await observeSearch(need(context, 'search').access, context.signal);
  const before = need(context, 'searchHolding');
  const { finding, lost } = judgeKeysRemade(before, now);
  context.judge([judgeSettingsRemade(before, now), finding]);
  if (lost.length === 0) return;
  context.record.limitations.push(
    `A rebuild from the database brings no keys of the search server back. Those that the application makes have their ` +
      `secrets again; whoever uses one of the server's own needs the new one: ${lost.join(', ')}.`,
  );
}
