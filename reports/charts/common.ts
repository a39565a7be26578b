import type { TopLevelSpec } from 'vega-lite';

/** A chart is drawn twice: for a page, and for the width of a telephone. */
export interface ChartSize {
  widthPx: number;
  narrow: boolean;
}

export type ChartSpec = TopLevelSpec;

/** Colours are the page's own variables, so that a chart follows it into dark mode and print. */
export const colours = {
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  line: 'var(--line)',
  accent: 'var(--accent)',
  soft: 'var(--accent-soft)',
  neutral: 'var(--neutral)',
  fail: 'var(--fail)',
} as const;

/** What all charts share. Sizes are fixed, since Node has no font to measure. */
export function framed(
  size: ChartSize,
  description: string,
): Pick<ChartSpec, '$schema' | 'description' | 'config' | 'autosize'> & { width: number } {
  return {
    description,
    width: size.widthPx,
    autosize: { type: 'fit-x', contains: 'padding' },
    config: {
      background: 'transparent',
      padding: { left: 2, right: 2, top: 2, bottom: 6 },
      font: 'sans-serif',
      view: { stroke: null },
      axis: {
        labelColor: colours.ink,
        labelFontSize: 12,
        titleColor: colours.muted,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        gridColor: colours.line,
        domain: false,
        ticks: false,
        labelPadding: 6,
        labelFlush: false,
        titlePadding: 8,
      },
      legend: {
        labelColor: colours.ink,
        labelFontSize: 12,
        title: null,
        labelLimit: 0,
        orient: 'top',
        symbolStrokeWidth: 1.5,
        offset: 8,
      },
      text: { color: colours.ink, fontSize: 12 },
    },
  };
}

export interface TimeScale {
  /** Milliseconds of one unit. */
  unitMs: number;
  /** For the title of an axis. */
  unit: 'seconds' | 'minutes' | 'hours';
}

/** The unit in which a length of time can be read without large numbers. */
export function timeScale(longestMs: number): TimeScale {
  if (longestMs <= 180_000) return { unitMs: 1_000, unit: 'seconds' };
  if (longestMs <= 180 * 60_000) return { unitMs: 60_000, unit: 'minutes' };
  return { unitMs: 3_600_000, unit: 'hours' };
}
