import { colours, framed, timeScale, type ChartSize, type ChartSpec } from './common.ts';

export interface TitledBar {
  title: string;
  fromMs: number;
  toMs: number;
  /** Stands at the end of the bar; says in words what its colour shows, too. */
  label: string;
  /** Name of its part of `parts`. */
  part: string;
}

/** How the bars of a part are drawn: solid, or hollow with a border. */
export interface BarPart {
  name: string;
  fill: 'accent' | 'soft' | 'fail';
}

export interface TitledBars {
  description: string;
  bars: readonly TitledBar[];
  /** With more than one there is a legend. */
  parts: readonly BarPart[];
  /** What time is counted from: `since the detection`. */
  since: string;
}

const rows = ['title', 'bar'];
const rowHeightPx = 20;

/** Bars on a scale of time, each under its title, so that a long one fits a narrow page. */
export function titledBars({ description, bars, parts, since }: TitledBars, size: ChartSize): ChartSpec {
  const endMs = Math.max(...bars.map(({ toMs }) => toMs), 1);
  const { unitMs, unit } = timeScale(endMs);
  const values = bars.map(({ fromMs, toMs, ...bar }, index) => ({
    ...bar,
    place: index,
    row: 'bar',
    from: fromMs / unitMs,
    // A stretch too short to be seen is drawn as a thin line; its label says how long it was.
    to: Math.max(toMs, fromMs + endMs / 300) / unitMs,
  }));
  const used = parts.filter(({ name }) => bars.some(({ part }) => part === name));
  const room = roomFor(bars, endMs, size.widthPx);
  const place = {
    y: {
      field: 'place',
      type: 'nominal' as const,
      sort: null,
      axis: null,
      scale: { paddingInner: 0.15, paddingOuter: 0.05 },
    },
    yOffset: { field: 'row', type: 'nominal' as const, scale: { domain: rows } },
  };
  return {
    ...framed(size, description),
    height: bars.length * rows.length * rowHeightPx,
    data: { values },
    encoding: {
      x: {
        field: 'from',
        type: 'quantitative',
        scale: { domain: [0, (endMs / unitMs) * room], nice: false },
        axis: { title: `${unit} ${since}`, tickCount: size.narrow ? 4 : 8, labelFlush: true },
      },
    },
    layer: [
      {
        mark: { type: 'bar', height: { band: 0.75 }, stroke: colours.accent, strokeWidth: 1.5 },
        encoding: {
          ...place,
          x2: { field: 'to' },
          color: {
            field: 'part',
            type: 'nominal',
            scale: { domain: used.map(({ name }) => name), range: used.map(({ fill }) => colours[fill]) },
            legend:
              used.length > 1 ? { columns: size.narrow ? 1 : used.length, symbolStrokeColor: colours.accent } : null,
          },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 8 },
        encoding: { ...place, x: { field: 'to', type: 'quantitative' }, text: { field: 'label' } },
      },
      {
        data: { values: bars.map(({ title }, index) => ({ title, place: index, row: 'title' })) },
        // Node has no font to measure and guesses a third too wide: so a title that is cut is cut within the width.
        mark: { type: 'text', align: 'left', fontSize: 12, fontWeight: 600, limit: size.widthPx * 1.15 },
        encoding: { ...place, x: { value: 1 }, text: { field: 'title' } },
      },
    ],
  };
}

/** How much longer than the longest bar the scale is, so that every label has its place to the right of its bar. */
function roomFor(bars: readonly TitledBar[], endMs: number, widthPx: number): number {
  const characterPx = 7.5;
  const rooms = bars.map(({ toMs, label }) => {
    const leftPx = widthPx - label.length * characterPx - 16;
    return ((toMs / endMs) * widthPx) / Math.max(leftPx, widthPx / 3);
  });
  return Math.max(1.05, ...rooms);
}
