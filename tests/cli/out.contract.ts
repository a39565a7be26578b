import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playRun } from '../../evidence/ledger.test-data.ts';
import { sampleRecord } from '../../reports/sample-records.test-data.ts';
import { writeRecord } from '../../reports/write.ts';
import { firedrill } from '../firedrill.ts';

let folder: string;
let ledger: string;
let before: string;
const text = (): Promise<string> => readFile(join(ledger, 'ledger.jsonl'), 'utf8');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-out-'));
  ledger = join(folder, 'ledger');
  await playRun(folder, 'one');
  await writeRecord(join(folder, 'record'), sampleRecord('passing'));
  await writeFile(join(folder, 'file'), 'mine');
  await mkdir(join(folder, 'full'));
  await writeFile(join(folder, 'full', 'mine.txt'), 'mine');
  before = await text();
});
afterAll(() => rm(folder, { recursive: true }));

describe('an --out that cannot be used: exit code 3 before anything is begun, no number taken, nothing left', () => {
  const small = ['--engine', 'native', '--rows', '300'];
  test.for<[string, () => string[]]>([
    ['run', () => ['run', 'db-loss', ...small, '--ledger', ledger]],
    ['all', () => ['all', ...small, '--ledger', ledger]],
    ['nightly', () => ['nightly', ...small, '--ledger', ledger, '--records', join(folder, 'none')]],
    ['merge', () => ['merge', join(folder, 'record')]],
    ['quarterly', () => ['quarterly', '--ledger', ledger, '--from', '2026-01-01', '--to', '2026-03-31']],
    ['history', () => ['history', '--ledger', ledger]],
    ['report', () => ['report', join(folder, 'record')]],
  ])('%s', async ([, command]) => {
    const names = await readdir(folder);
    const places = [join(folder, 'file', 'a', 'b'), '/proc/firedrill/out'];
    const results = await Promise.all(places.map((out) => firedrill([...command(), '--out', out])));
    for (const { exitCode, all } of results) {
      expect(exitCode, all).toBe(3);
      expect(all).toContain('firedrill: --out cannot be used: expected a folder that can be made and written into');
      expect(all).not.toMatch(/^\s+at /m);
    }
    expect(await readdir(folder)).toEqual(names);
    expect(await text()).toBe(before);
  });

  test.for<[string, () => string[], RegExp]>([
    [
      'run into a folder that holds something',
      () => ['run', 'db-loss', ...small, '--out', join(folder, 'full')],
      /holds something already.*mine\.txt/s,
    ],
    [
      'all into a folder that holds something',
      () => ['all', ...small, '--out', join(folder, 'full')],
      /holds something already.*mine\.txt/s,
    ],
    [
      'all with too few rows',
      () => ['all', '--rows', '3', '--out', join(folder, 'new')],
      /the options do not fit.*--rows/s,
    ],
    [
      'nightly with a seed that is too great',
      () => ['nightly', '--seed', '9999999999', '--out', join(folder, 'new')],
      /the options do not fit.*--seed/s,
    ],
    [
      'run with a ledger that is a file',
      () => ['run', 'db-loss', ...small, '--out', join(folder, 'new'), '--ledger', join(folder, 'file')],
      /--ledger cannot be used/,
    ],
  ])('%s', async ([, command, message]) => {
    const names = await readdir(folder);
    const { exitCode, all } = await firedrill(command(), { FIREDRILL_LEDGER: ledger });
    expect(exitCode, all).toBe(3);
    expect(all).toMatch(message);
    expect(await readdir(folder)).toEqual(names);
    expect(await readdir(join(folder, 'full'))).toEqual(['mine.txt']);
    expect(await text()).toBe(before);
  });
});

describe('the reports of a sealed run', () => {
  test('are not rendered over what was sealed; into another folder they are', async () => {
    const run = join(folder, 'runs', 'one');
    const sealed = await readFile(join(run, 'report.html'), 'utf8');
    const refused = await firedrill(['report', run]);
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.all).toContain('the folder is sealed');
    expect(await readFile(join(run, 'report.html'), 'utf8')).toBe(sealed);
    const out = join(folder, 'rendered');
    const rendered = await firedrill(['report', run, '--out', out]);
    expect(rendered.exitCode, rendered.all).toBe(0);
    expect(await readdir(out)).toEqual(['report.html', 'report.md']);
  });
});
