import { mark, type Block, type Cell } from '../../reports/blocks.ts';
import { date, duration, instant, percent } from '../../reports/format.ts';
import type { CoverageCell, QuarterlyReport, StoreRestore, Trend } from '../report.ts';
import { columns, tableOr, type Part } from './parts.ts';

/** Which store each scenario has brought back. */
export function coverageSection({ coverage, restores }: QuarterlyReport): Part {
  return {
    title: 'Coverage: scenario by store',
    blocks: [
      ...tableOr('No runbook names a scenario.', {
        title: 'By the newest run that says something',
        head: columns('Scenario', ...restores.map(({ store }) => store)),
        rows: coverage.map(({ runbook, scenario, cells }) => [
          { lines: [scenario, runbook] },
          ...cells.map(coverageCell),
        ]),
      }),
    ],
  };
}

function coverageCell(cell: CoverageCell): Cell {
  const { state, source, run, at, stale, standIn } = cell;
  const day = at === undefined ? '' : `, ${date(at)}`;
  const changed = stale ? ', the runbook has changed since' : '';
  if (state === 'none') return mark('inconclusive', 'not drilled');
  if (state === 'failed') return mark('fail', `failed: run ${run}${day}`);
  if (state === 'unknown') return mark('inconclusive', `not recorded: run ${run}${day}`);
  if (state === 'earlier' && standIn === undefined)
    return mark('inconclusive', `${source}: run ${run}${day}, before the period${changed}`);
  if (standIn !== undefined) return mark('inconclusive', `on a stand-in for ${standIn}: run ${run}${day}${changed}`);
  if (state === 'survived') return { lines: ['not hit', `run ${run}${day}`] };
  return mark(stale ? 'inconclusive' : 'pass', `${source}: run ${run}${day}${changed}`);
}

/** How old the newest proof of each store is. */
export function restoresSection({ restores, period }: QuarterlyReport): Part {
  return {
    title: 'Last good restore of each store',
    blocks: [
      {
        kind: 'text',
        text: `Counted to the end of the period${period.isOver ? '' : ', which is not over: to now'}. Only green runs count, and only stores that they have brought back; a built-in stand-in is no evidence for the product whose place it takes.`,
      },
      {
        kind: 'table',
        title: 'Days since the last good restore',
        columns: columns('Store', 'Days #', 'Run', 'Brought back from'),
        rows: restores.map(({ store, last, inPeriod, onStandIn }) =>
          last
            ? [
                store,
                mark(inPeriod ? 'pass' : 'inconclusive', String(last.daysAgo)),
                { lines: [`run ${last.run} of ${instant(last.at)}, ${last.drill}`, ...standInLines(onStandIn)] },
                last.source,
              ]
            : [
                store,
                mark('inconclusive', 'never'),
                {
                  lines: [
                    'none in the period, nor the last green run of each drill before it',
                    ...standInLines(onStandIn),
                  ],
                },
                '',
              ],
        ),
      },
    ],
  };
}

function standInLines(onStandIn: StoreRestore['onStandIn']): string[] {
  if (!onStandIn) return [];
  return [`on a built-in stand-in for ${onStandIn.product}: run ${onStandIn.run} of ${instant(onStandIn.at)}`];
}

/** Recovery times against objectives, month by month. */
export function rtoSection({ rto }: QuarterlyReport): Part {
  const chart: Block[] =
    rto.length === 0
      ? []
      : [{ kind: 'chart', chart: 'rto', title: 'RTO by drill and month', alternative: alternativeOf(rto) }];
  return {
    title: 'RTO: trend against objectives',
    blocks: [...chart, ...trendTable('No recovery time was measured in the period.', rto)],
  };
}

/** Losses of data against objectives, month by month. */
export function rpoSection({ rpo }: QuarterlyReport): Part {
  return {
    title: 'RPO: trend against objectives',
    blocks: trendTable('No loss of data was measured in the period.', rpo),
  };
}

function trendTable(empty: string, trends: readonly Trend[]): Block[] {
  return tableOr(empty, {
    title: 'Median and worst of each month, the worst also as a part of the objective',
    head: columns('Drill', 'Month', 'Runs #', 'Median #', 'Worst #', 'Objective #', 'Missed'),
    rows: trends.flatMap((trend) =>
      trend.months.map(({ month, runs, medianMs, worstMs, missed }, index) => [
        { lines: [nameOf(trend), ...(index === trend.months.length - 1 ? changeWords(trend) : [])] },
        month,
        String(runs),
        medianMs === undefined ? 'nothing survived' : duration(medianMs),
        worstMs === undefined ? '' : { lines: [duration(worstMs), percent(worstMs, trend.targetMs)] },
        duration(trend.targetMs),
        missed === 0 ? mark('pass', 'none') : mark('fail', String(missed)),
      ]),
    ),
  });
}

function nameOf({ drill, store }: Trend): string {
  return store === undefined ? drill : `${drill}: ${store}`;
}

function changeWords({ change, months }: Trend): string[] {
  if (change === undefined) return [];
  if (change === 1) return [`as long as in ${months[0]?.month}`];
  const share = percent(Math.abs(change - 1), 1);
  return [`${share} ${change > 1 ? 'longer' : 'shorter'} than in ${months[0]?.month}`];
}

function alternativeOf(rto: readonly Trend[]): string {
  const words = rto.map(({ drill, months }) => {
    const medians = months.map(({ month, medianMs }) => `${month} ${duration(medianMs ?? 0)}`);
    return `${drill}: ${medians.join(', ')}`;
  });
  return `Median time of recovery by month. ${words.join('; ')}.`;
}
