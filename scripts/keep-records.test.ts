import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from '../programs/execa.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DrillRecord } from '../domain/record.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';

const script = fileURLToPath(new URL('keep-records.ts', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-keep-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function record(night: string, runId: string, rest: Partial<DrillRecord>): Promise<void> {
  const text = JSON.stringify({ ...sampleRecord('passing'), runId, ...rest });
  await mkdir(join(folder, night, runId), { recursive: true });
  await writeFile(join(folder, night, runId, 'drill.json'), text);
}

const at = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T02:00:00.000Z`;
const keep = async (...args: string[]): Promise<string> =>
  (await execa(process.execPath, [script, ...args], { cwd: folder, extendEnv: true })).stdout;

test('the newest of each drill stay, and its last green one', async () => {
  await record('one', 'a-1', { drill: 'a', startedAt: at(1) });
  await record('one', 'a-2', { drill: 'a', startedAt: at(2) });
  for (const day of [3, 4, 5]) await record('two', `a-${day}`, { drill: 'a', startedAt: at(day), verdict: 'fail' });
  await record('two', 'b-1', { drill: 'b', startedAt: at(1) });
  expect(await keep('one', 'kept', '--newest', '2')).toBe('2 records are kept, 0 were let go');
  expect(await keep('two', 'kept', '--newest', '2')).toBe('4 records are kept, 2 were let go');
  expect((await readdir(join(folder, 'kept'))).toSorted()).toEqual(['a-2', 'a-4', 'a-5', 'b-1']);
  const text = await readFile(join(folder, 'kept', 'a-5', 'drill.json'), 'utf8');
  expect(text).toBe(await readFile(join(folder, 'two', 'a-5', 'drill.json'), 'utf8'));
});

test('a folder that is not there, and a record that cannot be read, hold up nothing', async () => {
  await mkdir(join(folder, 'one'));
  await writeFile(join(folder, 'one', 'drill.json'), '{');
  expect(await keep('one', 'nowhere', 'kept')).toBe('0 records are kept, 0 were let go');
});

test('wrong usage', async () => {
  const { exitCode, stderr } = await execa(process.execPath, [script, 'one'], { reject: false });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('usage: ');
});
