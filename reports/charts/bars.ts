import type { ComparisonRecord, ServiceRtoRecord } from '../../domain/record-recovery.ts';
import { duration, percent } from '../format.ts';
import type { Tracks } from '../tracks.ts';
import type { ChartSize, ChartSpec } from './common.ts';
import { titledBars } from './titled-bars.ts';

/** When each step of the runbook was on, of steps that ran side by side; those of the critical path are solid. */
export function tracksChart({ tracks, since }: Tracks, size: ChartSize): ChartSpec {
  const parts = [
    { name: 'on the critical path', fill: 'accent' as const },
    { name: 'beside it', fill: 'soft' as const },
  ];
  return titledBars(
    {
      description: 'Steps of the runbook, side by side',
      since,
      parts,
      bars: tracks.map(({ step, fromMs, toMs }) => ({
        title: step.title,
        fromMs,
        toMs,
        label: [
          duration(toMs - fromMs),
          ...(step.critical === true ? ['critical'] : []),
          ...(step.status === 'failed' ? ['✘ failed'] : []),
        ].join(' · '),
        part: step.critical === true ? parts[0]!.name : parts[1]!.name,
      })),
    },
    size,
  );
}

/** When each service was back. The bars are of what was measured: against objectives of hours they could not be seen. */
export function servicesChart(services: readonly ServiceRtoRecord[], size: ChartSize): ChartSpec {
  const parts = [
    { name: 'within its objective', fill: 'accent' as const },
    { name: 'later than its objective', fill: 'fail' as const },
  ];
  return titledBars(
    {
      description: 'RTO by service',
      since: 'since the detection',
      parts,
      bars: services.map(({ title, totalMs, targetMs, verdict }) => ({
        title,
        fromMs: 0,
        toMs: totalMs,
        label: `${verdict === 'pass' ? '' : '✘ '}${duration(totalMs)} · ${percent(totalMs, targetMs)}`,
        part: verdict === 'pass' ? parts[0]!.name : parts[1]!.name,
      })),
    },
    size,
  );
}

/** How long each of several ways took; the one that was gone is solid. */
export function waysChart({ ways }: ComparisonRecord, size: ChartSize): ChartSpec {
  const parts = [
    { name: 'chosen', fill: 'accent' as const },
    { name: 'timed for comparison', fill: 'soft' as const },
  ];
  return titledBars(
    {
      description: 'Ways compared',
      since: 'from its beginning to its end',
      parts,
      bars: ways.map(({ title, durationMs, chosen, verdict }) => ({
        title,
        fromMs: 0,
        toMs: durationMs,
        label: [duration(durationMs), ...(chosen ? ['chosen'] : []), ...(verdict === 'pass' ? [] : ['✘'])].join(' · '),
        part: chosen ? parts[0]!.name : parts[1]!.name,
      })),
    },
    size,
  );
}
