import type { SmokeRecord } from '../../domain/record.ts';
import { latency } from '../format.ts';
import { colours, framed, type ChartSize, type ChartSpec } from './common.ts';

/** Place of a probe's name above its marks. */
const nameRow = 'name';

/** Each probe's median and slowest request by the instance that was asked, on a logarithmic scale, and its limit. */
export function smokeChart(smoke: readonly SmokeRecord[], size: ChartSize): ChartSpec {
  const targets = [...new Set(smoke.map(({ target }) => target))];
  const values = smoke.map((line) => {
    const over = !(line.maxMs < line.limitMs);
    return {
      ...line,
      p50: Math.max(line.p50Ms, 1),
      max: Math.max(line.maxMs, 1),
      limit: line.limitMs,
      label: over ? `✘ ${latency(line.maxMs)}, over the limit` : latency(line.maxMs),
      over,
    };
  });
  const names = [...new Set(smoke.map(({ probe }) => probe))].map((probe) => ({ probe, target: nameRow, name: probe }));
  const greatestMs = Math.max(...values.flatMap(({ max, limit }) => [max, limit]));
  const target = { field: 'target', type: 'nominal' as const };
  return {
    ...framed(size, 'Smoke latencies against their limit'),
    height: names.length * (targets.length + 1) * 17,
    data: { values },
    encoding: {
      y: { field: 'probe', type: 'nominal', sort: null, axis: null, scale: { paddingInner: 0.12, paddingOuter: 0.05 } },
      yOffset: { ...target, scale: { domain: [nameRow, ...targets] } },
      x: {
        field: 'p50',
        type: 'quantitative',
        scale: { type: 'log', domain: [1, greatestMs * (size.narrow ? 2.5 : 3)], nice: false },
        axis: { title: 'milliseconds, logarithmic', values: [1, 10, 100, 1_000, 10_000], format: ',d' },
      },
    },
    layer: [
      {
        mark: { type: 'tick', orient: 'vertical', color: colours.fail, thickness: 2, size: 17 },
        encoding: { x: { field: 'limit', type: 'quantitative' } },
      },
      { mark: { type: 'rule', color: colours.muted, strokeWidth: 1.5 }, encoding: { x2: { field: 'max' } } },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: {
          x: { field: 'max', type: 'quantitative' },
          shape: {
            ...target,
            scale: { domain: targets, range: ['circle', 'square', 'triangle-up', 'diamond', 'cross'] },
            legend: {
              columns: size.narrow ? 2 : 5,
              symbolFillColor: colours.accent,
              symbolStrokeColor: colours.accent,
            },
          },
          color: { condition: { test: 'datum.over', value: colours.fail }, value: colours.accent },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 9, fontSize: 11 },
        encoding: {
          x: { field: 'max', type: 'quantitative' },
          text: { field: 'label' },
          color: { condition: { test: 'datum.over', value: colours.fail }, value: colours.muted },
        },
      },
      {
        data: { values: names },
        mark: { type: 'text', align: 'left', fontSize: 12, fontWeight: 600 },
        encoding: { x: { value: 0 }, text: { field: 'name' } },
      },
    ],
  };
}
