import type { SustainedSmokeRecord } from '../../domain/record-recovery.ts';
import { latency } from '../format.ts';
import type { ChartSize, ChartSpec } from './common.ts';
import { latencyChart } from './latency.ts';

const percentiles = ['p50', 'p95', 'p99'] as const;

/** The one row of each probe. */
const row = 'latencies';

/** Each probe's percentiles under requests at a fixed rate, and its limit. */
export function sustainedChart(sustained: readonly SustainedSmokeRecord[], size: ChartSize): ChartSpec {
  const lines = sustained.map(({ probe, p50Ms, p95Ms, p99Ms, limitMs }) => ({
    probe,
    row,
    // A logarithmic scale has no zero: what is faster than a millisecond is drawn at one.
    p50: Math.max(p50Ms, 1),
    p95: Math.max(p95Ms, 1),
    p99: Math.max(p99Ms, 1),
    limit: Math.max(limitMs, 1),
    over: !(p99Ms < limitMs),
    label: `${p99Ms < limitMs ? '' : '✘ '}${latency(p99Ms)}`,
  }));
  const values = lines.flatMap((line) =>
    percentiles.map((name) => ({ probe: line.probe, row: line.row, name, at: line[name], over: line.over })),
  );
  return latencyChart(
    {
      description: 'Latencies at a fixed rate against their limit',
      lines,
      end: 'p99',
      row: 'row',
      rows: [row],
      points: { values, at: 'at', kind: 'name', kinds: percentiles, sizePx: 55, legendColumns: 3 },
    },
    size,
  );
}
