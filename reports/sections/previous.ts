import type { DrillRecord } from '../../domain/record.ts';
import { mark, type Block, type Cell } from '../blocks.ts';
import { duration, instant, percent } from '../format.ts';
import { comparedWithPrevious, type Compared } from '../previous.ts';
import { shownVerdict } from '../state.ts';

/** This run beside the one before of the same drill; in words where there is none. */
export function previousBlocks(record: DrillRecord): Block[] {
  const { previous } = record;
  if (!previous) {
    return [
      {
        kind: 'empty',
        text: 'No earlier finished run of this drill, in the same way and size on the same engine, is known to compare with.',
      },
    ];
  }
  const compared = comparedWithPrevious(record);
  return [
    ...(compared.length === 0 ? [] : [chartBlock(compared)]),
    {
      kind: 'table',
      title: `Compared with the run before: ${previous.runId} of ${instant(previous.startedAt)}`,
      columns: [
        { title: 'What' },
        { title: 'This run', numeric: true },
        { title: 'The run before', numeric: true },
        { title: 'Change', numeric: true },
      ],
      rows: [
        ['Verdict', mark(shownVerdict(record)), mark(previous.verdict), ''],
        timesRow({ name: 'Total duration', nowMs: record.durationMs, thenMs: previous.durationMs }),
        ...compared.map(timesRow),
      ],
    },
  ];
}

function chartBlock(compared: readonly Compared[]): Block {
  const words = compared.flatMap(({ name, nowMs, thenMs }) =>
    nowMs === undefined || thenMs === undefined ? [] : [`${name} ${duration(nowMs)}, before ${duration(thenMs)}`],
  );
  const alternative = words.length === 0 ? 'Nothing was measured in both runs.' : `${words.join('; ')}.`;
  return { kind: 'chart', chart: 'previous', title: 'This run and the run before', alternative };
}

function timesRow({ name, nowMs, thenMs }: Compared): Cell[] {
  return [name, timeOf(nowMs), timeOf(thenMs), changeOf(nowMs, thenMs)];
}

function timeOf(durationMs: number | undefined): string {
  return durationMs === undefined ? 'not measured' : duration(durationMs);
}

function changeOf(nowMs: number | undefined, thenMs: number | undefined): string {
  if (nowMs === undefined || thenMs === undefined) return '—';
  const differenceMs = nowMs - thenMs;
  if (differenceMs === 0) return 'none';
  const share = thenMs > 0 ? `, ${percent(Math.abs(differenceMs), thenMs)}` : '';
  return `${duration(Math.abs(differenceMs))} ${differenceMs > 0 ? 'more' : 'less'}${share}`;
}
