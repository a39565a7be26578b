import type { DrillRecord } from '../../domain/record.ts';
import { mark, type Block } from '../blocks.ts';
import { counted, duration, latency, number, percent } from '../format.ts';

/** Requests at a fixed rate after the recovery. */
export function sustainedBlocks({ sustained = [] }: DrillRecord): Block[] {
  if (sustained.length === 0) {
    return [{ kind: 'empty', text: 'No requests were sent at a fixed rate in this run.' }];
  }
  const requests = sustained.reduce((sum, line) => sum + line.requests, 0);
  const errors = sustained.reduce((sum, line) => sum + line.errors, 0);
  const green = sustained.filter(({ verdict }) => verdict === 'pass').length;
  const slowest = sustained.toSorted((one, other) => other.p99Ms - one.p99Ms)[0]!;
  const numeric = (title: string) => ({ title, numeric: true });
  return [
    {
      kind: 'chart',
      chart: 'sustained',
      title: 'Latencies at a fixed rate against their limit',
      alternative: `p50, p95 and p99 of ${counted(sustained.length, 'probe')}. The greatest p99 is ${latency(slowest.p99Ms)} (${slowest.probe}) against a limit of ${duration(slowest.limitMs)}; it stands beside each line. ${counted(errors, 'error')} in ${counted(requests, 'request')}.`,
    },
    {
      kind: 'table',
      title: `At a fixed rate: ${green} of ${counted(sustained.length, 'probe')} green, ${counted(requests, 'request')}`,
      columns: [
        { title: 'Probe' },
        { title: 'Verdict' },
        numeric('Errors'),
        numeric('First'),
        numeric('p50'),
        numeric('p95'),
        numeric('p99'),
        numeric('Slowest'),
        numeric('Limit'),
        numeric('Over it'),
      ],
      rows: sustained.map((line) => [
        { lines: [line.probe, `${number(line.requests)}, ${number(line.perSecond)} a second`] },
        mark(line.verdict),
        number(line.errors),
        latency(line.firstMs),
        latency(line.p50Ms),
        latency(line.p95Ms),
        latency(line.p99Ms),
        latency(line.maxMs),
        latency(line.limitMs),
        percent(line.overLimitShare, 1),
      ]),
    },
    {
      kind: 'text',
      text: 'Requests were sent when they were due, whether or not earlier ones had been answered, and timed from that instant: what waited counts with its waiting. The first one is apart; percentiles and the slowest are of the others. The very first requests after the recovery are those of the probes above.',
    },
  ];
}
