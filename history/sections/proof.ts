import { mark, type Block, type Cell } from '../../reports/blocks.ts';
import { duration, percent } from '../../reports/format.ts';
import { stores } from '../../quarterly/coverage.ts';
import { columns, tableOr, type Part } from '../../quarterly/sections/parts.ts';
import { isStale } from '../front.ts';
import type { CoverageCell, DrillHistory, DrillTrend, TrendSeries } from '../history.ts';
import { trendWords } from '../trend-chart.ts';
import { ageWords } from './states.ts';

/** Which store each scenario has brought back, how long ago, and whether that still counts. */
export function coverageSection({ coverage }: DrillHistory): Part {
  return {
    title: 'Coverage: scenario by store',
    blocks: [
      {
        kind: 'text',
        text: 'By the newest green run of each drill. A proof is stale when the runbook, the schema, or the image or version of the store has changed since, or when the calendar asks for another. What a built-in stand-in has shown is no proof of the product.',
      },
      ...tableOr('No runbook names a scenario.', {
        title: 'The last proof of each store',
        head: columns('Scenario', ...stores),
        rows: coverage.map(({ runbook, scenario, cells }) => [
          { lines: [scenario, runbook] },
          ...cells.map(coverageCell),
        ]),
      }),
    ],
  };
}

const sources: Record<NonNullable<CoverageCell['source']>, string> = {
  backup: 'from a backup',
  rebuilt: 'made anew',
  versions: 'from its versions',
  survived: 'not hit',
};

function coverageCell(cell: CoverageCell): Cell {
  const { state, source, run, daysAgo = 0, changed, failedSince, standIn } = cell;
  const failed = failedSince === undefined ? [] : [`run ${failedSince} failed since`];
  if (state === 'none') {
    return failedSince === undefined
      ? mark('inconclusive', 'never')
      : { ...mark('fail', 'never'), lines: [`run ${failedSince} failed`] };
  }
  const ground = standIn === undefined ? [] : [`on a stand-in for ${standIn}: no evidence for it`];
  const proof = [`run ${run}, ${ageWords(daysAgo)}`, ...ground, ...failed];
  if (state === 'unknown') return { ...mark('inconclusive', 'no record'), lines: proof };
  const words = sources[source ?? 'survived'];
  if (state === 'untouched') return { lines: [words, ...proof] };
  if (failedSince !== undefined) return { ...mark('fail', words), lines: [...proof, ...changed] };
  if (isStale(cell)) return { ...mark('inconclusive', `stale: ${words}`), lines: [...proof, ...changed] };
  return { ...mark(standIn === undefined ? 'pass' : 'inconclusive', words), lines: proof };
}

/** RTO and RPO by drill. */
export function trendsSection({ trends }: DrillHistory): Part {
  return {
    title: 'Trend of RTO and RPO against the objectives',
    blocks:
      trends.length === 0
        ? [{ kind: 'empty', text: 'No recovery was measured.' }]
        : [
            {
              kind: 'text',
              text: 'RTO is the time of recovery, RPO the loss of a store; the scale of the charts is logarithmic. Runs with a sabotage are left out: they were damaged on purpose; and quick ones (`--quick`): they are no evidence.',
            },
            ...trends.flatMap(trendBlocks),
          ],
  };
}

/** Name of a drill's chart. */
export function chartOf({ drill }: DrillTrend): string {
  return `trend ${drill}`;
}

function trendBlocks(trend: DrillTrend): Block[] {
  const { drill, series } = trend;
  return [
    { kind: 'chart', chart: chartOf(trend), title: `Used of the objectives: ${drill}`, alternative: trendWords(trend) },
    {
      kind: 'table',
      title: `Measured against the objectives: ${drill}`,
      columns: columns('What', 'Runs #', 'Newest #', 'Median #', 'Worst #', 'Objective #', 'Missed'),
      rows: series.map((one) => [
        one.name,
        String(one.runs),
        timeOf(one.lastMs),
        timeOf(one.medianMs),
        one.worstMs === undefined ? '—' : `${duration(one.worstMs)}, ${percent(one.worstMs, one.targetMs)}`,
        duration(one.targetMs),
        missedCell(one),
      ]),
    },
  ];
}

function timeOf(durationMs: number | undefined): string {
  return durationMs === undefined ? '—' : duration(durationMs);
}

function missedCell({ missed, unmeasured }: TrendSeries): Cell {
  if (missed === 0) return mark('pass', 'never');
  return { ...mark('fail', String(missed)), lines: unmeasured === 0 ? [] : [`in ${unmeasured} nothing survived`] };
}
