import { expect, it } from 'vitest';
import { lossesOf } from '../losses.ts';
import { sampleRecord } from '../sample-records.test-data.ts';
import { markersBlocks } from './markers.ts';

it('tells of each store the recovery point, the newest survivor, and the first and last write that was lost', () => {
  const [chart, table] = markersBlocks(sampleRecord('passing'));
  expect(table).toMatchObject({
    kind: 'table',
    rows: [
      ['postgres', expect.stringMatching(/ s before$/), '6.1 s before', '5.9 s before', '100 ms before'],
      ['objects', 'no instant of its own', '240 ms before', 'none', 'none'],
    ],
  });
  expect(chart).toMatchObject({
    kind: 'chart',
    alternative: expect.stringContaining(
      'postgres: 45 writes, newest survivor 6.1 s before, 24 lost from 5.9 s before on',
    ),
  });
});

it('says so where none from before the fault survived', () => {
  const record = sampleRecord('passing');
  record.rpo = [
    {
      ...record.rpo[0]!,
      markers: [
        { atMs: -100, survived: false },
        { atMs: 0, survived: true },
      ],
    },
  ];
  expect(lossesOf(record)[0]).toMatchObject({ newestSurvivorMs: 0, firstLostMs: -100, lastLostMs: -100 });
  record.rpo[0]!.markers = [
    { atMs: -100, survived: false },
    { atMs: 50, survived: true },
  ];
  const row = ['postgres', expect.any(String), 'none survived', '100 ms before', '100 ms before'];
  expect(markersBlocks(record)[1]).toMatchObject({ rows: [row] });
});

it('shows nothing of records that do not name the writes, and of runs without a fault', () => {
  const record = sampleRecord('passing');
  const { fault: _, ...withoutFault } = record;
  expect(markersBlocks(withoutFault)).toEqual([]);
  expect(markersBlocks({ ...record, rpo: record.rpo.map(({ markers: _markers, ...line }) => line) })).toEqual([]);
});
