import type { AvailabilityEvent, AvailabilityRecord } from '../../domain/availability.ts';
import { duration, percent } from '../format.ts';
import { colours, framed, type ChartSize, type ChartSpec } from './common.ts';

const heightPx = 150;

type Layer = Extract<ChartSpec, { layer: unknown }>['layer'][number];

/** Share of failed requests in each stretch of the load, against its limit, with the faults. */
export function errorsChart(availability: AvailabilityRecord, size: ChartSize): ChartSpec {
  const { buckets, bucketMs, errorShareLimit } = availability;
  const values = buckets
    .filter(({ requests }) => requests > 0)
    .map(({ atMs, failed, requests }) => ({
      from: atMs / 1_000,
      to: (atMs + bucketMs) / 1_000,
      share: (failed / requests) * 100,
      over: failed / requests > errorShareLimit,
    }));
  const greatest = Math.max(errorShareLimit * 200, ...values.map(({ share }) => share));
  return {
    ...framed(size, 'Failed requests'),
    height: heightPx,
    data: { values },
    encoding: {
      x: timeAxis(availability, size),
      y: {
        field: 'share',
        type: 'quantitative',
        scale: { domain: [0, Math.min(100, greatest * 1.25)], nice: false },
        axis: { title: 'failed requests, %', tickCount: 4 },
      },
    },
    layer: [
      {
        mark: { type: 'bar', stroke: null },
        encoding: {
          x2: { field: 'to' },
          y2: { datum: 0 },
          color: { condition: { test: 'datum.over', value: colours.fail }, value: colours.accent },
        },
      },
      limitLine(errorShareLimit * 100),
      limitName(errorShareLimit * 100, `limit ${percent(errorShareLimit, 1)}`),
      ...eventLayers(availability.events),
    ],
  };
}

/** Median and 95th percentile of the latency in each stretch of the load, on a logarithmic scale, with the faults. */
export function latencyChart(availability: AvailabilityRecord, size: ChartSize): ChartSpec {
  const { buckets, bucketMs } = availability;
  const values = buckets.flatMap(({ atMs, p50Ms, p95Ms }) => {
    const at = (atMs + bucketMs / 2) / 1_000;
    return [
      ...(p50Ms === undefined ? [] : [{ at, latency: Math.max(p50Ms, 1), which: 'median' }]),
      ...(p95Ms === undefined ? [] : [{ at, latency: Math.max(p95Ms, 1), which: '95th percentile' }]),
    ];
  });
  const greatest = Math.max(100, ...values.map(({ latency }) => latency));
  return {
    ...framed(size, 'Latency of the requests'),
    height: heightPx,
    data: { values },
    encoding: {
      x: { ...timeAxis(availability, size), field: 'at' },
      y: {
        field: 'latency',
        type: 'quantitative',
        scale: { type: 'log', domain: [1, greatest * 5], nice: false },
        axis: { title: 'milliseconds, logarithmic', values: [1, 10, 100, 1_000, 10_000], format: ',d' },
      },
    },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 2, point: { size: 24 } },
        encoding: {
          color: {
            field: 'which',
            type: 'nominal',
            scale: { domain: ['median', '95th percentile'], range: [colours.neutral, colours.accent] },
            legend: { columns: 2 },
          },
          strokeDash: {
            field: 'which',
            type: 'nominal',
            scale: {
              domain: ['median', '95th percentile'],
              range: [
                [4, 2],
                [1, 0],
              ],
            },
            legend: { columns: 2 },
          },
        },
      },
      ...eventLayers(availability.events),
    ],
  };
}

/** Both charts have the same one, so that they can be read together. */
function timeAxis({ buckets, bucketMs }: AvailabilityRecord, size: ChartSize) {
  return {
    field: 'from',
    type: 'quantitative' as const,
    scale: { domain: [0, endOf(buckets, bucketMs)], nice: false },
    axis: { title: 'seconds since the requests began', tickCount: size.narrow ? 4 : 8, grid: false },
  };
}

function endOf(buckets: AvailabilityRecord['buckets'], bucketMs: number): number {
  return ((buckets.at(-1)?.atMs ?? 0) + bucketMs) / 1_000;
}

function limitLine(limit: number): Layer {
  return {
    data: { values: [{ limit }] },
    mark: { type: 'rule', color: colours.fail, strokeWidth: 1.5, strokeDash: [5, 3] },
    encoding: { x: { value: 0 }, x2: { value: 'width' }, y: { field: 'limit', type: 'quantitative' } },
  };
}

function limitName(limit: number, label: string): Layer {
  return {
    data: { values: [{ limit, label }] },
    mark: { type: 'text', align: 'left', dy: -8, color: colours.fail, fontSize: 12 },
    encoding: { x: { value: 4 }, y: { field: 'limit', type: 'quantitative' }, text: { field: 'label' } },
  };
}

const shown: Partial<Record<AvailabilityEvent['kind'], { label: string; align: 'left' | 'right' }>> = {
  fault: { label: 'fault', align: 'left' },
  restored: { label: 'back', align: 'right' },
};

/** A line for each fault and for each server that is back; when it is detected and over lies too close to be told apart. */
function eventLayers(events: readonly AvailabilityEvent[]): Layer[] {
  return Object.entries(shown).flatMap(([kind, { label, align }]): Layer[] => {
    const values = events.filter((event) => event.kind === kind).map(({ atMs }) => ({ event: atMs / 1_000, label }));
    if (values.length === 0) return [];
    const x = { field: 'event', type: 'quantitative' as const };
    return [
      {
        data: { values },
        mark: { type: 'rule', color: colours.ink, strokeWidth: 1.5 },
        encoding: { x, y: { value: 0 }, y2: { value: heightPx } },
      },
      {
        data: { values },
        mark: { type: 'text', align, dx: align === 'left' ? 5 : -5, fontSize: 12 },
        encoding: { x, y: { value: 8 }, text: { field: 'label' } },
      },
    ];
  });
}

/** What the charts show, in words. */
export function availabilityWords({ switches, errorShareLimit }: AvailabilityRecord): string {
  const each = switches.map(({ fault, failedOverAfterMs, failed, requests }) => {
    const ended = failedOverAfterMs === undefined ? 'did not end' : `ended after ${duration(failedOverAfterMs)}`;
    return `${fault}: ${failed} of ${requests} requests failed, which ${ended}`;
  });
  return `${each.join('; ') || 'No server has failed'}. The limit is ${percent(errorShareLimit, 1)}.`;
}
