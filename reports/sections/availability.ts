import type { AvailabilityBucket, AvailabilityRecord, AvailabilitySwitch } from '../../domain/availability.ts';
import type { DrillRecord } from '../../domain/record.ts';
import { mark, type Block, type Cell } from '../blocks.ts';
import { availabilityWords } from '../charts/availability.ts';
import { counted, duration, latency, number, percent } from '../format.ts';

/** What clients saw while servers failed: charts and tables; nothing where no load was on. */
export function availabilityBlocks({ availability }: DrillRecord): Block[] {
  if (!availability) return [];
  const { perSecond, probes, switches, buckets, bucketMs } = availability;
  const requests = buckets.reduce((sum, bucket) => sum + bucket.requests, 0);
  const failed = buckets.reduce((sum, bucket) => sum + bucket.failed, 0);
  return [
    {
      kind: 'text',
      text:
        `What clients saw: ${counted(requests, 'request')} at ${number(perSecond)} a second, whether the ones before ` +
        `were answered or not, to ${probes.join(', ')} in turn; ${number(failed)} failed.`,
    },
    ...chartBlocks(availability),
    ...(switches.length === 0 ? [] : [switchTable(switches)]),
    bucketTable(buckets, bucketMs),
  ];
}

function chartBlocks(availability: AvailabilityRecord): Block[] {
  const words = availabilityWords(availability);
  const slowest = Math.max(0, ...availability.buckets.map(({ p95Ms }) => p95Ms ?? 0));
  return [
    { kind: 'chart', chart: 'availability', title: 'Failed requests while servers fail', alternative: words },
    {
      kind: 'chart',
      chart: 'latency',
      title: 'Latency while servers fail',
      alternative: `${words} The 95th percentile of a second was at most ${latency(slowest)}.`,
    },
  ];
}

function switchTable(switches: readonly AvailabilitySwitch[]): Block {
  const numeric = (title: string) => ({ title, numeric: true });
  return {
    kind: 'table',
    title: 'Failures of single servers, times from the fault on',
    columns: [
      { title: 'Fault' },
      { title: 'Verdict' },
      numeric('Last request failed after'),
      numeric('Budget'),
      numeric('Failed'),
      { title: 'By answer' },
      numeric('Longest outage'),
      numeric('Back after'),
    ],
    rows: switches.map((line): Cell[] => [
      { lines: [line.fault, `server: ${line.server}`] },
      mark(line.verdict),
      timeOf(line.failedOverAfterMs, 'still failing'),
      duration(line.budgetMs),
      `${number(line.failed)} of ${number(line.requests)}`,
      answersOf(line.failures),
      duration(line.outageMs),
      timeOf(line.restoredAfterMs, 'not back'),
    ]),
  };
}

/** The stretches in which something failed; the others differ in nothing but their latencies, which are charted. */
function bucketTable(buckets: readonly AvailabilityBucket[], bucketMs: number): Block {
  const red = buckets.filter(({ failed }) => failed > 0);
  if (red.length === 0) return { kind: 'text', text: 'No request failed.' };
  const numeric = (title: string) => ({ title, numeric: true });
  return {
    kind: 'table',
    title: `Stretches of ${duration(bucketMs)} in which requests failed`,
    columns: [
      numeric('From'),
      numeric('Requests'),
      numeric('Failed'),
      numeric('Share'),
      numeric('p50'),
      numeric('p95'),
    ],
    rows: red.map(({ atMs, requests, failed, p50Ms, p95Ms }) => [
      duration(atMs),
      number(requests),
      number(failed),
      percent(failed, requests),
      p50Ms === undefined ? '—' : latency(p50Ms),
      p95Ms === undefined ? '—' : latency(p95Ms),
    ]),
  };
}

function timeOf(durationMs: number | undefined, otherwise: string): string {
  return durationMs === undefined ? otherwise : duration(durationMs);
}

function answersOf(failures: Readonly<Record<string, number>>): Cell {
  const lines = Object.entries(failures).map(([answer, count]) => `${answer}: ${number(count)}`);
  return lines.length === 0 ? '—' : { lines };
}
