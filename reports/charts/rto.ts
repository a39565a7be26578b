import type { DrillRecord } from '../../domain/record.ts';
import { recoveryPhases } from '../../domain/timeline.ts';
import { duration, percent } from '../format.ts';
import { colours, framed, timeScale, type ChartSize, type ChartSpec } from './common.ts';

type Rto = NonNullable<DrillRecord['rto']>;

/** The phases of the recovery one after the other, on a scale of their own: against hours they could not be seen. */
export function rtoChart(rto: Rto, size: ChartSize): ChartSpec {
  const { unitMs, unit } = timeScale(rto.totalMs);
  let elapsedMs = 0;
  const values = recoveryPhases.flatMap((phase) => {
    const durationMs = rto.phases[phase];
    if (durationMs === undefined) return [];
    const fromMs = elapsedMs;
    elapsedMs += durationMs;
    return [{ phase, from: fromMs / unitMs, to: elapsedMs / unitMs, label: duration(durationMs) }];
  });
  const room = size.narrow ? 1.3 : 1.1;
  return {
    ...framed(size, 'RTO by phase'),
    height: values.length * 30,
    data: { values },
    encoding: {
      y: { field: 'phase', type: 'nominal', sort: null, axis: { title: null } },
      x: {
        field: 'from',
        type: 'quantitative',
        scale: { domain: [0, (elapsedMs / unitMs) * room], nice: false },
        axis: { title: `${unit} since the detection`, tickCount: size.narrow ? 4 : 8 },
      },
    },
    layer: [
      {
        mark: { type: 'bar', color: colours.accent, stroke: colours.accent, strokeWidth: 2, height: { band: 0.6 } },
        encoding: { x2: { field: 'to' } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 8 },
        encoding: { x: { field: 'to', type: 'quantitative' }, text: { field: 'label' } },
      },
    ],
  };
}

/** How much of the target was used: the same recovery as a part of what the objective allows. */
export function targetChart({ totalMs, targetMs }: Rto, size: ChartSize): ChartSpec {
  const { unitMs, unit } = timeScale(Math.max(totalMs, targetMs));
  const missed = totalMs > targetMs;
  const label = `${percent(totalMs, targetMs)} of the target used`;
  const whole = Math.max(totalMs, targetMs) / unitMs;
  const y = { value: 14 };
  const inside = totalMs > targetMs / 2;
  return {
    ...framed(size, 'Used of the target'),
    height: 28,
    data: { values: [{ from: 0, used: totalMs / unitMs, target: targetMs / unitMs, label }] },
    encoding: {
      x: {
        field: 'from',
        type: 'quantitative',
        scale: { domain: [0, whole], nice: false },
        axis: {
          title: `${unit}, target ${duration(targetMs)}`,
          tickCount: size.narrow ? 4 : 8,
          grid: false,
          labelFlush: true,
        },
      },
      y,
    },
    layer: [
      {
        mark: { type: 'bar', color: colours.soft, height: 28 },
        encoding: { x2: { field: 'target' } },
      },
      {
        mark: {
          type: 'bar',
          color: missed ? colours.fail : colours.accent,
          height: 16,
          stroke: missed ? colours.fail : colours.accent,
          strokeWidth: 2,
        },
        encoding: { x2: { field: 'used' } },
      },
      {
        mark: { type: 'rule', color: colours.ink, strokeWidth: 2, y: 0, y2: 28 },
        encoding: { x: { field: 'target', type: 'quantitative' }, y: { value: 0 }, y2: { value: 28 } },
      },
      {
        mark: {
          type: 'text',
          align: inside ? 'right' : 'left',
          dx: inside ? -10 : 10,
          color: inside ? 'var(--paper)' : colours.ink,
        },
        encoding: { x: { field: 'used', type: 'quantitative' }, text: { field: 'label' } },
      },
    ],
  };
}
