import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DrillRecord } from '../domain/record.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';
import { readRecords } from '../schedule/read-records.ts';
import { previousRun } from './previous-run.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-previous-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const record = (change: Partial<DrillRecord>): DrillRecord => ({ ...sampleRecord('passing'), ...change });

async function keep(kept: DrillRecord): Promise<void> {
  await mkdir(join(folder, kept.runId));
  await writeFile(join(folder, kept.runId, 'drill.json'), JSON.stringify(kept));
}

test('the newest run of the same drill is the one before, whatever else lies beside it', async () => {
  await keep(record({ runId: 'older', startedAt: '2026-01-01T00:00:00.000Z' }));
  await keep(record({ runId: 'newer', startedAt: '2026-01-02T00:00:00.000Z' }));
  await mkdir(join(folder, 'empty'));
  expect(await previousRun(join(folder, 'now'), record({ runId: 'now' }))).toMatchObject({ runId: 'newer' });
});

test.for<[string, (file: string) => Promise<unknown>]>([
  ['empty', (file) => writeFile(file, '')],
  ['cut off', (file) => writeFile(file, JSON.stringify(record({ runId: 'bad' })).slice(0, 500))],
  ['of another program', (file) => writeFile(file, '[{"a": 1}]')],
  ['null', (file) => writeFile(file, 'null')],
  ['too new', (file) => writeFile(file, JSON.stringify({ ...record({ runId: 'bad' }), schemaVersion: 2 }))],
  ['a folder', (file) => mkdir(file)],
  ['a loop of links', (file) => symlink(file, file)],
  ['a pipe', (file) => execa('mkfifo', [file])],
])('one record that is %s stops nobody: the one before it counts', async ([, leave]) => {
  await keep(record({ runId: 'good' }));
  await mkdir(join(folder, 'bad'));
  await leave(join(folder, 'bad', 'drill.json'));
  await writeFile(join(folder, 'file'), '');
  await symlink('nowhere', join(folder, 'latest'));
  const now = record({ runId: 'now' });
  expect(await previousRun(join(folder, 'now'), now)).toMatchObject({ runId: 'good' });
  expect((await readRecords(folder, ({ record: { runId } }) => runId)).found).toEqual(['good']);
});

test('its times and losses are taken over, those that there are', async () => {
  const { rto, rpo, ...kept } = record({ runId: 'before' });
  await keep({ ...kept, rto: rto!, rpo: rpo.map(({ measuredMs: _measuredMs, ...line }) => line) });
  const previous = await previousRun(join(folder, 'now'), record({ runId: 'now' }));
  expect(previous).toMatchObject({ rtoMs: rto!.totalMs, phases: rto!.phases });
  expect(previous?.rpo?.[0]).toEqual({ store: 'postgres', lostWrites: 24 });
});

test.for<[string, Partial<DrillRecord>]>([
  ['another drill', { drill: 'other' }],
  ['another way to recover', { from: 'snapshot' }],
  ['another fault', { chosenFault: 'kill-service:search' }],
  ['a sabotage', { sabotage: 'row-missing' }],
  ['another engine', { engine: 'containers' }],
  ['a run without an end', { state: 'interrupted' }],
])('a run of %s is none to compare with', async ([, change]) => {
  const alike: Partial<DrillRecord> = { engine: 'native', from: 'dump', chosenFault: 'delete-data:search' };
  await keep(record({ ...alike, ...change, runId: 'before' }));
  const now = record({ ...alike, runId: 'now' });
  expect(await previousRun(join(folder, 'now'), now)).toBeUndefined();
});
