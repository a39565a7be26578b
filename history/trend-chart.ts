import { colours, framed, type ChartSize, type ChartSpec } from '../reports/charts/common.ts';
import { counted, percent } from '../reports/format.ts';
import type { DrillTrend } from './history.ts';

const heightPx = 190;
const ticks = [0.01, 0.1, 1, 10, 100, 1_000];
/** What is less is drawn here: a logarithmic scale has no zero. */
const leastPercent = 0.01;

type Layer = Extract<ChartSpec, { layer: unknown }>['layer'][number];

/** How each line is told from the others, colour apart. */
const looks = [
  { shape: 'circle', dash: [1, 0], colour: colours.accent },
  { shape: 'square', dash: [6, 3], colour: colours.ink },
  { shape: 'triangle-up', dash: [2, 2], colour: colours.muted },
  { shape: 'diamond', dash: [8, 3, 2, 3], colour: colours.neutral },
];

/**
 * How much of its objective each recovery used, on a logarithmic scale: 100 % is the objective, whatever it was. Points
 * over it, and medians of runs of which one was over it, have a cross.
 */
export function trendChart({ drill, series }: DrillTrend, size: ChartSize): ChartSpec {
  const values = series.flatMap(({ name, points }) =>
    points.map(({ at, share, missed }) => ({
      at,
      name,
      used: Math.max(share * 100, leastPercent),
      missed: missed > 0,
    })),
  );
  const names = series.map(({ name }) => name);
  const domain = scaleOf(values.map(({ used }) => used));
  const scale = { domain: names };
  const legend = { columns: size.narrow ? 2 : names.length, symbolStrokeWidth: 0 };
  const name = { field: 'name', type: 'nominal' as const };
  const colour = { ...name, scale: { ...scale, range: looks.map((look) => look.colour) }, legend };
  return {
    ...framed(size, `Used of the objectives: ${drill}`),
    height: heightPx,
    data: { values },
    encoding: {
      x: {
        field: 'at',
        type: 'temporal',
        scale: { type: 'utc', nice: false, padding: 12 },
        axis: {
          title: null,
          format: '%-d %b %Y',
          tickCount: size.narrow ? 2 : 5,
          grid: false,
          labelOverlap: true,
          labelFlush: true,
        },
      },
      y: {
        field: 'used',
        type: 'quantitative',
        scale: { type: 'log', domain, nice: false },
        axis: {
          title: 'used of the objective',
          values: ticks.filter((tick) => tick >= domain[0] && tick <= domain[1]),
          labelExpr: "datum.value + ' %'",
        },
      },
    },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 1.5 },
        encoding: {
          color: colour,
          strokeDash: { ...name, scale: { ...scale, range: looks.map(({ dash }) => dash) }, legend },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 45, opacity: 1 },
        encoding: {
          color: colour,
          shape: { ...name, scale: { ...scale, range: looks.map(({ shape }) => shape) }, legend },
        },
      },
      ...crosses(values.filter(({ missed }) => missed)),
      ...objectiveLine(size),
    ],
  };
}

function scaleOf(used: readonly number[]): [number, number] {
  return [Math.max(leastPercent / 2, Math.min(10, ...used) / 2), Math.max(250, ...used.map((value) => value * 2))];
}

function crosses(missed: readonly { at: string; used: number }[]): Layer[] {
  if (missed.length === 0) return [];
  const mark = { type: 'text', text: '✘', fontSize: 15, dy: -11, color: colours.fail } as const;
  return [{ data: { values: [...missed] }, mark }];
}

function objectiveLine({ widthPx }: ChartSize): Layer[] {
  const data = { values: [{ limit: 100, label: 'objective' }] };
  const y = { field: 'limit', type: 'quantitative' as const };
  return [
    {
      data,
      mark: { type: 'rule', color: colours.fail, strokeWidth: 1.5, strokeDash: [5, 3] },
      encoding: { x: { value: 0 }, x2: { value: 'width' }, y },
    },
    {
      data,
      mark: { type: 'text', align: 'left', dy: -8, fontSize: 12, color: colours.fail, limit: widthPx },
      encoding: { x: { value: 4 }, y, text: { field: 'label' } },
    },
  ];
}

const stretches: Record<DrillTrend['each'], string> = {
  run: 'Each point is a run',
  week: 'Each point is the median of a week',
  month: 'Each point is the median of a month',
};

/** What the chart shows, in words. */
export function trendWords({ each, series }: DrillTrend): string {
  const lines = series.map(({ name, points, missed }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return `${name}: nothing could be measured`;
    const [from, to] = [percent(first.share, 1), percent(last.share, 1)];
    return `${name} ${from === to ? to : `from ${from} to ${to}`} of its objective${missed === 0 ? '' : `, missed in ${counted(missed, 'run')}`}`;
  });
  return `${stretches[each]}. ${lines.join('; ')}.`;
}
