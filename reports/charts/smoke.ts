import type { SmokeRecord } from '../../domain/record.ts';
import { latency } from '../format.ts';
import type { ChartSize, ChartSpec } from './common.ts';
import { latencyChart } from './latency.ts';

/** Each probe's median and slowest request by the instance that was asked, and its limit. */
export function smokeChart(smoke: readonly SmokeRecord[], size: ChartSize): ChartSpec {
  const targets = [...new Set(smoke.map(({ target }) => target))];
  return latencyChart(
    {
      description: 'Smoke latencies against their limit',
      lines: smoke.map(valueOf),
      end: 'max',
      row: 'target',
      rows: targets,
      points: { at: 'max', kind: 'target', kinds: targets, sizePx: 60, legendColumns: size.narrow ? 2 : 5 },
    },
    size,
  );
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
