import { duration } from '../format.ts';
import { colours, framed, type ChartSize, type ChartSpec } from './common.ts';

/** Place of a probe's name above its marks. */
const nameRow = 'name';

const rowHeightPx = 17;

/** Latencies of one probe, in milliseconds, at least 1: a logarithmic scale has no zero. */
export interface LatencyLine {
  probe: string;
  p50: number;
  limit: number;
  /** Stands beside the greatest one. */
  label: string;
  over: boolean;
}

/** What a latency chart draws of lines that have a field `end` and a field `row`. */
export interface LatencyChart<Line extends LatencyLine> {
  description: string;
  lines: readonly Line[];
  /** Field of the greatest latency that is drawn; the line reaches from the median to it. */
  end: keyof Line & string;
  /** Field that tells the rows of a probe apart, and its values. */
  row: keyof Line & string;
  rows: readonly string[];
  points: {
    /** Absent: the lines themselves. */
    values?: readonly object[];
    /** Field of the latency. */
    at: string;
    /** Field that is told apart by shapes, and its values. */
    kind: string;
    kinds: readonly string[];
    sizePx: number;
    legendColumns: number;
  };
}

/** Latencies by probe on a logarithmic scale, each under the probe's name, with their limit. */
export function latencyChart<Line extends LatencyLine>(chart: LatencyChart<Line>, size: ChartSize): ChartSpec {
  const { description, lines, end, row, rows, points } = chart;
  const names = [...new Set(lines.map(({ probe }) => probe))];
  const heightPx = names.length * (rows.length + 1) * rowHeightPx;
  const limits = lines.map(({ limit }) => limit);
  const greatestMs = Math.max(...lines.map((line) => Number(line[end])), ...limits);
  const place = {
    y: {
      field: 'probe',
      type: 'nominal' as const,
      sort: null,
      axis: null,
      scale: { paddingInner: 0.12, paddingOuter: 0.05 },
    },
    yOffset: { field: row, type: 'nominal' as const, scale: { domain: [nameRow, ...rows] } },
  };
  const at = (field: string) => ({ ...place, x: { field, type: 'quantitative' as const } });
  const overColour = (otherwise: string) => ({
    condition: { test: 'datum.over', value: colours.fail },
    value: otherwise,
  });
  return {
    ...framed(size, description),
    height: heightPx,
    data: { values: [...lines] },
    encoding: {
      x: {
        field: 'p50',
        type: 'quantitative',
        scale: { type: 'log', domain: [1, greatestMs * (size.narrow ? 4 : 3)], nice: false },
        axis: {
          title: 'milliseconds, logarithmic',
          values: [1, 10, 100, 1_000, 10_000],
          format: ',d',
          labelFlush: true,
        },
      },
    },
    layer: [
      ...limitLayers(limits, place, heightPx),
      {
        mark: { type: 'rule', color: colours.muted, strokeWidth: 1.5 },
        encoding: { ...place, x2: { field: end } },
      },
      {
        ...(points.values && { data: { values: [...points.values] } }),
        mark: { type: 'point', filled: true, size: points.sizePx, opacity: 1 },
        encoding: {
          ...at(points.at),
          shape: {
            field: points.kind,
            type: 'nominal',
            scale: { domain: [...points.kinds], range: ['circle', 'square', 'triangle-up', 'diamond', 'cross'] },
            legend: {
              columns: points.legendColumns,
              symbolFillColor: colours.accent,
              symbolStrokeColor: colours.accent,
            },
          },
          color: overColour(colours.accent),
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 9, fontSize: 11 },
        encoding: { ...at(end), text: { field: 'label' }, color: overColour(colours.muted) },
      },
      {
        data: { values: names.map((probe) => ({ probe, [row]: nameRow })) },
        mark: { type: 'text', align: 'left', fontSize: 12, fontWeight: 600 },
        encoding: { ...place, x: { value: 1 }, text: { field: 'probe' } },
      },
    ],
  };
}

type Layer = Extract<ChartSpec, { layer: unknown }>['layer'][number];

/** The limits, in milliseconds: one line where all are the same, else one in the rows of each, by its field `limit`. */
function limitLayers(limitsMs: readonly number[], place: object, heightPx: number): Layer[] {
  const different = [...new Set(limitsMs)];
  return different.length === 1 ? commonLimit(different[0]!, heightPx) : [ownLimit(place)];
}

/** One line over the whole height, with its name at the top. */
function commonLimit(limitMs: number, heightPx: number): Layer[] {
  const data = { values: [{ limit: limitMs, label: `limit ${duration(limitMs)}` }] };
  const x = { field: 'limit', type: 'quantitative' as const };
  return [
    {
      data,
      mark: { type: 'rule', color: colours.fail, strokeWidth: 1.5, strokeDash: [5, 3] },
      encoding: { x, y: { value: 0 }, y2: { value: heightPx } },
    },
    {
      data,
      mark: { type: 'text', align: 'left', dx: 6, fontSize: 12, color: colours.fail },
      encoding: { x, y: { value: rowHeightPx / 2 }, text: { field: 'label' } },
    },
  ];
}

/** Each probe has a limit of its own: a short line in its rows. */
function ownLimit(place: object): Layer {
  return {
    mark: { type: 'tick', orient: 'vertical', color: colours.fail, thickness: 1.5, size: rowHeightPx },
    encoding: { ...place, x: { field: 'limit', type: 'quantitative' } },
  };
}
