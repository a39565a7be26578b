import type { DrillRecord, StepRecord } from '../../domain/record.ts';
import type { Block } from '../blocks.ts';
import { counted, duration, percent } from '../format.ts';
import type { Track, Tracks } from '../tracks.ts';

/** Steps that ran side by side: when each was on, and the chain of them that made the recovery as long as it was. */
export function tracksBlocks(record: DrillRecord, tracks: Tracks): Block[] {
  const endMs = Math.max(...tracks.tracks.map(({ toMs }) => toMs));
  const longest = tracks.tracks.toSorted((one, other) => lengthOf(other) - lengthOf(one))[0]!;
  const chain = tracks.critical.map(({ step }) => step.title).join(', ');
  return [
    {
      kind: 'chart',
      chart: 'tracks',
      title: 'Steps of the runbook, side by side',
      alternative: `${counted(tracks.tracks.length, 'step')} until ${duration(endMs)} ${tracks.since}; the longest is “${longest.step.title}” with ${duration(lengthOf(longest))}. ${chain === '' ? 'No critical path is known.' : `On the critical path, drawn solid: ${chain}.`}`,
    },
    ...criticalPath(record, tracks),
  ];
}

function criticalPath({ rto }: DrillRecord, { critical, since }: Tracks): Block[] {
  if (critical.length === 0) {
    return [{ kind: 'empty', text: 'The critical path is not known: the steps did not come to their end.' }];
  }
  const share = (durationMs: number): string => (rto ? percent(durationMs, rto.totalMs) : 'not known');
  const togetherMs = critical.reduce((sum, track) => sum + lengthOf(track), 0);
  const rows = critical.map((track) => [
    track.step.title,
    duration(track.fromMs),
    duration(track.toMs),
    duration(lengthOf(track)),
    share(lengthOf(track)),
  ]);
  return [
    {
      kind: 'table',
      title: 'Critical path: the chain of steps that made the recovery as long as it was, first step first',
      columns: [
        { title: 'Step' },
        { title: `Began, ${since}`, numeric: true },
        { title: 'Ended', numeric: true },
        { title: 'Took', numeric: true },
        { title: 'Share of the RTO', numeric: true },
      ],
      rows: [
        ...rows,
        ['together', duration(critical[0]!.fromMs), duration(critical.at(-1)!.toMs), ...sums(togetherMs, share)],
        ...restRow(rto, togetherMs, share),
      ],
    },
  ];
}

const sums = (durationMs: number, share: (durationMs: number) => string): string[] => [
  duration(durationMs),
  share(durationMs),
];

/** What the recovery took beside those steps: detection, resumption, smoke. */
function restRow(rto: DrillRecord['rto'], togetherMs: number, share: (durationMs: number) => string): string[][] {
  const restMs = (rto?.totalMs ?? 0) - togetherMs;
  if (!(restMs > 0)) return [];
  return [['before, between and after them: detection, resumption, smoke', '—', '—', ...sums(restMs, share)]];
}

const lengthOf = ({ fromMs, toMs }: Track): number => toMs - fromMs;

/** How a step stands to the others of a graph; nothing where steps ran one after the other. */
export function graphRemarks({ steps }: DrillRecord, { after = [], restores, critical }: StepRecord): string[] {
  const titles = after.map((id) => steps.find((step) => step.id === id)?.title ?? id);
  return [
    ...(critical === true ? ['On the critical path.'] : []),
    ...(titles.length > 0 ? [`After ${titles.map((title) => `“${title}”`).join(', ')}.`] : []),
    ...(restores === undefined ? [] : [`With it the service ${restores} is back.`]),
  ];
}
