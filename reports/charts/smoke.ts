import type { SmokeRecord } from '../../domain/record.ts';
import { duration, latency } from '../format.ts';
import { colours, framed, type ChartSize, type ChartSpec } from './common.ts';

/** Place of a probe's name above its marks. */
export const nameRow = 'name';

export const rowHeightPx = 17;

/** Each probe's median and slowest request by the instance that was asked, on a logarithmic scale, and its limit. */
export function smokeChart(smoke: readonly SmokeRecord[], size: ChartSize): ChartSpec {
  const targets = [...new Set(smoke.map(({ target }) => target))];
  const names = [...new Set(smoke.map(({ probe }) => probe))];
  const values = smoke.map(valueOf);
  const heightPx = names.length * (targets.length + 1) * rowHeightPx;
  const greatestMs = Math.max(...values.flatMap(({ max, limit }) => [max, limit]));
  const target = { field: 'target', type: 'nominal' as const };
  const place = {
    y: {
      field: 'probe',
      type: 'nominal' as const,
      sort: null,
      axis: null,
      scale: { paddingInner: 0.12, paddingOuter: 0.05 },
    },
    yOffset: { ...target, scale: { domain: [nameRow, ...targets] } },
  };
  const atMax = { ...place, x: { field: 'max', type: 'quantitative' as const } };
  const overColour = (otherwise: string) => ({
    condition: { test: 'datum.over', value: colours.fail },
    value: otherwise,
  });
  return {
    ...framed(size, 'Smoke latencies against their limit'),
    height: heightPx,
    data: { values },
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
      ...limitLayers(
        values.map(({ limit }) => limit),
        place,
        heightPx,
      ),
      {
        mark: { type: 'rule', color: colours.muted, strokeWidth: 1.5 },
        encoding: { ...place, x2: { field: 'max' } },
      },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: {
          ...atMax,
          shape: {
            ...target,
            scale: { domain: targets, range: ['circle', 'square', 'triangle-up', 'diamond', 'cross'] },
            legend: {
              columns: size.narrow ? 2 : 5,
              symbolFillColor: colours.accent,
              symbolStrokeColor: colours.accent,
            },
          },
          color: overColour(colours.accent),
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 9, fontSize: 11 },
        encoding: { ...atMax, text: { field: 'label' }, color: overColour(colours.muted) },
      },
      {
        data: { values: names.map((probe) => ({ probe, target: nameRow })) },
        mark: { type: 'text', align: 'left', fontSize: 12, fontWeight: 600 },
        encoding: { ...place, x: { value: 1 }, text: { field: 'probe' } },
      },
    ],
  };
}

type Layer = Extract<ChartSpec, { layer: unknown }>['layer'][number];

/** The limits, in milliseconds: one line where all are the same, else one in the rows of each, by its field `limit`. */
export function limitLayers(limitsMs: readonly number[], place: object, heightPx: number): Layer[] {
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

/** A logarithmic scale has no zero: what is faster than a millisecond is drawn at one. */
function valueOf({ probe, target, p50Ms, maxMs, limitMs }: SmokeRecord) {
  const over = !(maxMs < limitMs);
  return {
    probe,
    target,
    p50: Math.max(p50Ms, 1),
    max: Math.max(maxMs, 1),
    limit: Math.max(limitMs, 1),
    label: over ? `✘ ${latency(maxMs)}` : latency(maxMs),
    over,
  };
}
