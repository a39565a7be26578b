import { recoveryPhases, type TimelineEvent } from '../../domain/timeline.ts';
import { duration } from '../format.ts';
import { colours, framed, timeScale, type ChartSize, type ChartSpec } from './common.ts';
import { spansOf } from './spans.ts';

const parts = ['surrounds the recovery', 'recovery: counts to the RTO'] as const;

/** When each phase was on, from the start of the run. */
export function phasesChart(timeline: readonly TimelineEvent[], size: ChartSize): ChartSpec {
  const spans = spansOf(timeline);
  const endMs = Math.max(...spans.map(({ toMs }) => toMs), 1);
  const { unitMs, unit } = timeScale(endMs);
  const values = spans.map(({ phase, fromMs, toMs }) => ({
    phase,
    from: fromMs / unitMs,
    // A stretch too short to be seen is drawn as a thin line; its label says how long it was.
    to: Math.max(toMs, fromMs + endMs / 300) / unitMs,
    label: duration(toMs - fromMs),
    part: (recoveryPhases as readonly string[]).includes(phase) ? parts[1] : parts[0],
  }));
  const room = size.narrow ? 1.3 : 1.1;
  return {
    ...framed(size, 'Phases of the run'),
    height: new Set(spans.map(({ phase }) => phase)).size * 24,
    data: { values },
    encoding: {
      y: { field: 'phase', type: 'nominal', sort: null, axis: { title: null } },
      x: {
        field: 'from',
        type: 'quantitative',
        scale: { domain: [0, (endMs / unitMs) * room], nice: false },
        axis: { title: `${unit} since the start of the run`, tickCount: size.narrow ? 4 : 8 },
      },
    },
    layer: [
      {
        mark: { type: 'bar', height: { band: 0.6 } },
        encoding: {
          x2: { field: 'to' },
          color: {
            field: 'part',
            scale: { domain: [...parts], range: [colours.neutral, colours.accent] },
            legend: { columns: size.narrow ? 1 : 2 },
          },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 8 },
        encoding: { x: { field: 'to', type: 'quantitative' }, text: { field: 'label' } },
      },
    ],
  };
}
