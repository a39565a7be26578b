import { duration } from '../format.ts';
import type { Compared } from '../previous.ts';
import { colours, framed, timeScale, type ChartSize, type ChartSpec } from './common.ts';

const runs = ['this run', 'the run before'];
const barHeightPx = 15;

/** Durations of this run, solid, each above that of the run before. */
export function previousChart(compared: readonly Compared[], size: ChartSize): ChartSpec {
  const bars = compared.flatMap(({ name, nowMs, thenMs }) => [
    ...(nowMs === undefined ? [] : [{ name, run: runs[0]!, durationMs: nowMs }]),
    ...(thenMs === undefined ? [] : [{ name, run: runs[1]!, durationMs: thenMs }]),
  ]);
  const longestMs = Math.max(1, ...bars.map(({ durationMs }) => durationMs));
  const { unitMs, unit } = timeScale(longestMs);
  const values = bars.map(({ durationMs, ...bar }) => ({
    ...bar,
    from: 0,
    // What is too short to be seen is drawn as a thin line; its label says how long it was.
    to: Math.max(durationMs, longestMs / 300) / unitMs,
    label: duration(durationMs),
  }));
  const run = { field: 'run', type: 'nominal' as const };
  return {
    ...framed(size, 'This run and the run before'),
    height: compared.length * (runs.length * barHeightPx + 8),
    data: { values },
    encoding: {
      y: {
        field: 'name',
        type: 'nominal',
        sort: null,
        axis: { title: null },
        scale: { paddingInner: 0.2, paddingOuter: 0.1 },
      },
      yOffset: { ...run, scale: { domain: runs } },
      x: {
        field: 'from',
        type: 'quantitative',
        scale: { domain: [0, (longestMs / unitMs) * (size.narrow ? 1.35 : 1.12)], nice: false },
        axis: { title: unit, tickCount: size.narrow ? 4 : 8 },
      },
    },
    layer: [
      {
        mark: { type: 'bar', stroke: colours.accent, strokeWidth: 1.5, height: { band: 0.8 } },
        encoding: {
          x2: { field: 'to' },
          color: {
            ...run,
            scale: { domain: runs, range: [colours.accent, colours.soft] },
            legend: { columns: 2, symbolStrokeColor: colours.accent },
          },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 8, fontSize: 11 },
        encoding: { x: { field: 'to', type: 'quantitative' }, text: { field: 'label' } },
      },
    ],
  };
}
