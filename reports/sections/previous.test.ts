import { expect, it } from 'vitest';
import type { DrillRecord } from '../../domain/record.ts';
import { sampleRecord } from '../sample-records.test-data.ts';
import { previousBlocks } from './previous.ts';

function rowsOf(record: DrillRecord) {
  const table = previousBlocks(record).find(({ kind }) => kind === 'table');
  if (table?.kind !== 'table') throw new Error('there is no table');
  return new Map(table.rows.map(([name, ...cells]) => [name, cells]));
}

it('sets verdict, times and losses beside those of the run before, with the change', () => {
  const rows = rowsOf(sampleRecord('passing'));
  expect(rows.get('Verdict')).toMatchObject([{ mark: { word: 'PASS' } }, { mark: { word: 'PASS' } }, '']);
  expect(rows.get('Total duration')).toEqual(['1 min 0.4 s', '1 min 3.9 s', '3.5 s less, 5.5 %']);
  expect(rows.get('RTO')).toEqual(['15.6 s', '17.2 s', '1.6 s less, 9.4 %']);
  expect(rows.get('verify')).toEqual(['2.7 s', '1.3 s', '1.4 s more, 108 %']);
  expect(rows.get('RPO postgres')).toEqual(['6.1 s', '5.9 s', '200 ms more, 3.4 %']);
  // Nothing of it had survived.
  expect(rows.get('RPO search')).toEqual(['310 ms', 'not measured', '—']);
});

it('says the same in words for the chart', () => {
  expect(previousBlocks(sampleRecord('passing'))[0]).toMatchObject({
    kind: 'chart',
    alternative: expect.stringMatching(/^RTO 15\.6 s, before 17\.2 s; .*; RPO postgres 6\.1 s, before 5\.9 s\.$/),
  });
});

it('shows what there is of a run that did not come so far, and of one recorded by an earlier version', () => {
  const record = sampleRecord('passing');
  const { rto: _, ...early } = record;
  expect(rowsOf({ ...early, state: 'interrupted', rpo: [] }).get('RTO')).toEqual(['not measured', '17.2 s', '—']);
  expect(rowsOf({ ...early, state: 'interrupted' }).get('Verdict')).toMatchObject([
    { mark: { verdict: 'inconclusive' } },
    {},
    '',
  ]);
  const { phases: _phases, rpo: _rpo, ...previous } = record.previous!;
  expect(rowsOf({ ...record, previous }).get('restore')).toEqual(['5.4 s', 'not measured', '—']);
});

it('says that there is none to compare with', () => {
  const { previous: _, ...first } = sampleRecord('passing');
  expect(previousBlocks(first)).toMatchObject([
    { kind: 'empty', text: expect.stringContaining('No earlier finished run') },
  ]);
});
