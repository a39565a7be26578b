import { judgeComparison } from '../../checks/comparison.ts';
import { judgeKeysRemade } from '../../checks/search-backup.ts';
import { messageOf } from '../../domain/drill-error.ts';
import type { ComparisonRecord } from '../../domain/record-recovery.ts';
import { isRed, mergeVerdicts } from '../../domain/verdict.ts';
import { observeSearch } from '../../recovery/search-state.ts';
import { apiUrlOf, startApp, stopApp } from '../app.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import {
  bringSearchBack,
  catchUpSearch,
  searchWayOf,
  searchWays,
  type SearchCatchUp,
  type SearchComeback,
  type SearchWay,
} from '../search-ways.ts';
import { judgeSearch } from './search.ts';

type WayLine = ComparisonRecord['ways'][number];

/**
 * Plays the ways that were not chosen, each into a server of its own that ends with it, and puts them beside the chosen
 * one: how long each took from the start to a complete index, judged by content.
 */
export const compareSearchWays: DrillStep = {
  name: 'compare-ways',
  title: 'Play the other ways to bring the search back, side by side with the chosen one',
  phase: 'hand-over',
  async execute(context) {
    const chosen = searchWayOf(context);
    const ways: WayLine[] = [];
    for (const way of Object.keys(searchWays) as SearchWay[]) {
      const line = way === chosen ? await chosenWay(context) : await playedWay(context, way);
      ways.push(line);
      context.progress().info(`${way}: ${(line.durationMs / 1000).toFixed(1)} s, ${line.verdict}; ${line.detail}`);
    }
    const comparison: ComparisonRecord = { title: 'Ways to bring the search back', ways };
    context.record.comparison = comparison;
    context.judge([judgeComparison(comparison)]);
  },
};

/** The chosen way as it was timed in the recovery; without the restart of the application, which the others lack. */
async function chosenWay(context: DrillContext): Promise<WayLine> {
  const comeback = need(context, 'searchComeback');
  const caughtUp = need(context, 'searchCatchUp');
  const judged = context.record.findings.findLast(({ check }) => check === 'search.content');
  return {
    name: comeback.way,
    title: searchWays[comeback.way],
    durationMs: Math.round(comeback.restoreMs + caughtUp.durationMs),
    detail: await detailOf(context, comeback, caughtUp),
    chosen: true,
    verdict: mergeVerdicts(judged ? [judged.verdict] : []),
  };
}

async function playedWay(context: DrillContext, way: SearchWay): Promise<WayLine> {
  const line = { name: way, title: searchWays[way], chosen: false };
  const startedMs = context.clock.monotonicMs();
  try {
    const role = `comparison-${way}`;
    const comeback = await bringSearchBack(context, way, role);
    try {
      const caughtUp = await catchUpApart(context, comeback, role);
      const stores = { ...productionStores(context), search: comeback.server.access };
      const judged = await judgeSearch(context.system, stores);
      const red = judged.find(({ verdict }) => isRed(verdict));
      const detail = await detailOf(context, comeback, caughtUp);
      return {
        ...line,
        durationMs: Math.round(comeback.restoreMs + caughtUp.durationMs),
        detail: red === undefined ? detail : `${red.actual}; ${detail}`,
        verdict: mergeVerdicts(judged.map((finding) => finding.verdict)),
      };
    } finally {
      await comeback.server[Symbol.asyncDispose]();
    }
  } catch (error) {
    context.signal.throwIfAborted();
    const durationMs = Math.round(context.clock.monotonicMs() - startedMs);
    return { ...line, durationMs, detail: messageOf(error).split('\n')[0] ?? '', verdict: 'fail' };
  }
}

/** Through an application of its own in maintenance, so that the one that serves stays as it is. */
async function catchUpApart(context: DrillContext, comeback: SearchComeback, role: string): Promise<SearchCatchUp> {
  const stack = need(context, 'stack');
  const stores = { ...productionStores(context), search: comeback.server.access };
  const app = await startApp(context, {
    stores,
    role,
    apiPort: await stack.freePort(),
    maintenance: true,
    worker: false,
  });
  try {
    const access = { ...stores, apiUrl: apiUrlOf(app), tokens: need(context, 'tokens') };
    return await catchUpSearch(context, access, comeback.recovery?.restorePoint.manifest.coveredAt);
  } finally {
    await stopApp(app);
  }
}

async function detailOf(
  context: DrillContext,
  { server, restoreMs, recovery }: SearchComeback,
  { documents, durationMs }: SearchCatchUp,
): Promise<string> {
  const begin = recovery
    ? `${seconds(recovery.fetchMs)} to fetch, ${seconds(recovery.importMs)} to import, ${seconds(recovery.verifyMs)} to verify`
    : `${seconds(restoreMs)} for an empty server`;
  const indexed = `${documents.toLocaleString('en')} documents indexed in ${seconds(durationMs)}`;
  if (recovery) return `${begin}; ${indexed}; every key with its secret`;
  const { lost } = judgeKeysRemade(need(context, 'searchHolding'), await observeSearch(server.access, context.signal));
  return `${begin}; ${indexed}; ${lost.length} keys of the server itself have new secrets`;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(2)} s`;
}
