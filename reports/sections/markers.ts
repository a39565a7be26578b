import type { DrillRecord } from '../../domain/record.ts';
import type { Block } from '../blocks.ts';
import { counted, duration } from '../format.ts';
import { lossesOf, type StoreLoss } from '../losses.ts';

/** Where the acknowledged writes lie to the fault. Nothing in records that do not name them one by one. */
export function markersBlocks(record: DrillRecord): Block[] {
  const losses = lossesOf(record);
  if (losses.length === 0) return [];
  return [
    {
      kind: 'chart',
      chart: 'markers',
      title: 'RPO by store: acknowledged writes around the fault',
      alternative: `${losses.map(wordsOf).join('. ')}. The bars reach from the newest survivor to the fault: that is the RPO.`,
    },
    {
      kind: 'table',
      title: 'Where they lie, counted from the fault',
      columns: [
        { title: 'Store' },
        { title: 'Recovery point', numeric: true },
        { title: 'Newest survivor', numeric: true },
        { title: 'First lost', numeric: true },
        { title: 'Last lost', numeric: true },
      ],
      rows: losses.map(({ store, recoveryPointMs, newestSurvivorMs, firstLostMs, lastLostMs }) => [
        store,
        instantOf(recoveryPointMs, 'no instant of its own'),
        instantOf(newestSurvivorMs, 'none survived'),
        instantOf(firstLostMs, 'none'),
        instantOf(lastLostMs, 'none'),
      ]),
    },
  ];
}

function instantOf(atMs: number | undefined, otherwise: string): string {
  if (atMs === undefined) return otherwise;
  return atMs === 0 ? 'with it' : `${duration(Math.abs(atMs))} ${atMs < 0 ? 'before' : 'after'}`;
}

function wordsOf({ store, markers, newestSurvivorMs, firstLostMs }: StoreLoss): string {
  const lost = markers.filter(({ survived }) => !survived).length;
  const survivor = `newest survivor ${instantOf(newestSurvivorMs, 'not there')}`;
  const loss = lost === 0 ? 'none lost' : `${lost} lost from ${instantOf(firstLostMs, 'the fault')} on`;
  return `${store}: ${counted(markers.length, 'write')}, ${survivor}, ${loss}`;
}
