import type { SustainedSmokeRecord } from '../../domain/record-recovery.ts';
import { latency } from '../format.ts';
import { colours, framed, type ChartSize, type ChartSpec } from './common.ts';
import { limitLayers, nameRow, rowHeightPx } from './smoke.ts';

const percentiles = ['p50', 'p95', 'p99'] as const;

/** Each probe's percentiles under requests at a fixed rate, on a logarithmic scale, and its limit. */
export function sustainedChart(sustained: readonly SustainedSmokeRecord[], size: ChartSize): ChartSpec {
  const lines = sustained.map(({ probe, p50Ms, p95Ms, p99Ms, limitMs }) => ({
    probe,
    row: 'latencies',
    // A logarithmic scale has no zero: what is faster than a millisecond is drawn at one.
    p50: Math.max(p50Ms, 1),
    p95: Math.max(p95Ms, 1),
    p99: Math.max(p99Ms, 1),
    limit: Math.max(limitMs, 1),
    over: !(p99Ms < limitMs),
    label: `${p99Ms < limitMs ? '' : '✘ '}${latency(p99Ms)}`,
  }));
  const points = lines.flatMap((line) =>
    percentiles.map((name) => ({ probe: line.probe, row: line.row, name, at: line[name], over: line.over })),
  );
  const greatestMs = Math.max(...lines.flatMap(({ p99, limit }) => [p99, limit]));
  const heightPx = lines.length * 2 * rowHeightPx;
  const place = {
    y: {
      field: 'probe',
      type: 'nominal' as const,
      sort: null,
      axis: null,
      scale: { paddingInner: 0.12, paddingOuter: 0.05 },
    },
    yOffset: { field: 'row', type: 'nominal' as const, scale: { domain: [nameRow, 'latencies'] } },
  };
  const overColour = (otherwise: string) => ({
    condition: { test: 'datum.over', value: colours.fail },
    value: otherwise,
  });
  return {
    ...framed(size, 'Latencies at a fixed rate against their limit'),
    height: heightPx,
    data: { values: lines },
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
        lines.map(({ limit }) => limit),
        place,
        heightPx,
      ),
      {
        mark: { type: 'rule', color: colours.muted, strokeWidth: 1.5 },
        encoding: { ...place, x2: { field: 'p99' } },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 55, opacity: 1 },
        encoding: {
          ...place,
          x: { field: 'at', type: 'quantitative' },
          shape: {
            field: 'name',
            type: 'nominal',
            scale: { domain: [...percentiles], range: ['circle', 'square', 'triangle-up'] },
            legend: { columns: 3, symbolFillColor: colours.accent, symbolStrokeColor: colours.accent },
          },
          color: overColour(colours.accent),
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 9, fontSize: 11 },
        encoding: {
          ...place,
          x: { field: 'p99', type: 'quantitative' },
          text: { field: 'label' },
          color: overColour(colours.muted),
        },
      },
      {
        data: { values: lines.map(({ probe }) => ({ probe, row: nameRow })) },
        mark: { type: 'text', align: 'left', fontSize: 12, fontWeight: 600 },
        encoding: { ...place, x: { value: 1 }, text: { field: 'probe' } },
      },
    ],
  };
}
