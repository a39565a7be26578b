import type { ChartSize, ChartSpec } from '../reports/charts/common.ts';
import { titledBars } from '../reports/charts/titled-bars.ts';
import { duration, percent } from '../reports/format.ts';
import type { Trend } from './report.ts';

/** The median time of recovery of each drill, month by month; the bars are of what was measured, not of the objective. */
export function trendChart(trends: readonly Trend[], size: ChartSize): ChartSpec {
  const parts = [
    { name: 'within its objective', fill: 'accent' as const },
    { name: 'missed in a run', fill: 'fail' as const },
  ];
  return titledBars(
    {
      description: 'RTO by drill and month',
      since: 'since the detection, median',
      parts,
      bars: trends.flatMap(({ drill, targetMs, months }) =>
        months.flatMap(({ month, medianMs, missed }) =>
          medianMs === undefined
            ? []
            : [
                {
                  title: `${drill}, ${month}`,
                  fromMs: 0,
                  toMs: medianMs,
                  label: `${missed === 0 ? '' : '✘ '}${duration(medianMs)} · ${percent(medianMs, targetMs)}`,
                  part: parts[missed === 0 ? 0 : 1]!.name,
                },
              ],
        ),
      ),
    },
    size,
  );
}
