import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DrillError } from '../domain/drill-error.ts';
import { ledgerPaths } from './ledger-paths.ts';
import { beginRun, newRun, playRun, temporaryFolder } from './ledger.test-data.ts';
import { beginEvidence, type RunEvidence } from './run-evidence.ts';
import { verifyRun } from './verify-run.ts';

/** A run that asks for a number with its reports in `directory`. */
function begin(folder: string, runId: string, directory: string): Promise<RunEvidence> {
  return beginEvidence(join(folder, 'ledger'), { ...newRun(folder, runId), directory }, { say: () => {} });
}

/** How often a number was taken. */
async function numbers(folder: string): Promise<number> {
  const text = await readFile(ledgerPaths(join(folder, 'ledger')).ledger, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line.includes('"kind":"begun"')).length;
}

async function refusal(work: Promise<unknown>): Promise<DrillError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DrillError);
  return error as DrillError;
}

describe('a folder that cannot be had is told before a number is taken', () => {
  test.for<[string, (folder: string) => Promise<string>, RegExp]>([
    ['a file', async (folder) => file(join(folder, 'file')), /a file where a folder should be/],
    [
      'below a file',
      async (folder) => join(await file(join(folder, 'file')), 'a', 'b'),
      /a file where a folder should be/,
    ],
    ['below /dev/null', async () => '/dev/null/a', /a file where a folder should be/],
    ['in /proc', async () => '/proc/firedrill/a', /a place where no folder can be made/],
    ['a link that leads nowhere', async (folder) => link(join(folder, 'link')), /no folder/],
    [
      'a folder that holds something',
      async (folder) => holding(join(folder, 'full')),
      /holds something already.*actual notes\.txt/s,
    ],
  ])('%s', async ([, prepare, message]) => {
    await using folder = await temporaryFolder();
    const directory = await prepare(folder.path);
    const before = (await readdir(folder.path)).toSorted();
    const error = await refusal(begin(folder.path, 'one', directory));
    expect(error.code).toBe('usage');
    expect(error.message).toMatch(message);
    expect(error.message).toContain(directory);
    expect(await numbers(folder.path)).toBe(0);
    expect((await readdir(folder.path)).toSorted()).toEqual(before);
  });

  test('the folder of a sealed run: its seal stays whole', async () => {
    await using folder = await temporaryFolder();
    await playRun(folder.path, 'one');
    const directory = join(folder.path, 'runs', 'one');
    const error = await refusal(begin(folder.path, 'two', directory));
    expect(error.message).toContain('holds something already');
    expect(await numbers(folder.path)).toBe(1);
    expect((await verifyRun(directory, { ledgerFolder: join(folder.path, 'ledger') })).problems).toEqual([]);
  });
});

test('a ledger that cannot be written is wrong usage, and nothing of the run is left', async () => {
  await using folder = await temporaryFolder();
  const run = newRun(folder.path, 'one');
  for (const ledger of [await file(join(folder.path, 'file')), '/proc/firedrill/ledger']) {
    const error = await refusal(beginEvidence(ledger, run, { say: () => {} }));
    expect(error.code).toBe('usage');
    expect(error.message).toContain('--ledger cannot be used');
  }
  expect(await readdir(folder.path)).toEqual(['file']);
});

test('of runs that ask for one folder at once, one gets it', async () => {
  await using folder = await temporaryFolder();
  const directory = join(folder.path, 'out');
  const asked = await Promise.allSettled(['a', 'b', 'c', 'd'].map((runId) => begin(folder.path, runId, directory)));
  expect(asked.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
  expect(await numbers(folder.path)).toBe(1);
  const claim = JSON.parse(await readFile(join(directory, 'run.json'), 'utf8')) as { runId: string };
  expect(claim.runId).toBe(['a', 'b', 'c', 'd'][asked.findIndex(({ status }) => status === 'fulfilled')]);
});

test('what a run did not write is not sealed with it, and is said; verify names it', async () => {
  await using folder = await temporaryFolder();
  const said: string[] = [];
  const run = await beginRun(folder.path, 'one', (line) => said.push(line));
  const directory = join(folder.path, 'runs', 'one');
  await writeFile(join(directory, 'notes.txt'), 'mine');
  await writeFile(join(directory, 'a "quoted" name'), 'mine');
  await symlink('/etc/passwd', join(directory, 'report.md'));
  await run.fail('no engine');
  expect(said.at(-1)).toContain('not sealed with run 1, which did not write it: a "quoted" name, notes.txt, report.md');
  const manifest = await readFile(join(directory, 'manifest.json'), 'utf8');
  expect(manifest).toContain('"drill.json"');
  expect(manifest).not.toMatch(/notes|quoted|report\.md/);
  const { problems } = await verifyRun(directory, { ledgerFolder: join(folder.path, 'ledger') });
  expect(problems.map(({ where }) => where.slice(directory.length + 1)).toSorted()).toEqual([
    'a "quoted" name',
    'notes.txt',
    'report.md',
  ]);
});

test('a file that a killed run was writing is one of its own', async () => {
  await using folder = await temporaryFolder();
  const said: string[] = [];
  const run = await beginRun(folder.path, 'one', (line) => said.push(line));
  const name = 'drill.json.3f0b8a52-0c4e-4b0e-9d4e-6b1f0f7a8c11.tmp';
  await writeFile(join(folder.path, 'runs', 'one', name), '{');
  await run.fail('it was killed');
  expect(said.filter((line) => line.includes('not sealed'))).toEqual([]);
  expect(await readFile(join(folder.path, 'runs', 'one', 'manifest.json'), 'utf8')).toContain(name);
});

async function file(path: string): Promise<string> {
  await writeFile(path, 'mine');
  return path;
}

async function link(path: string): Promise<string> {
  await symlink('nowhere', path);
  return path;
}

async function holding(path: string): Promise<string> {
  await mkdir(path);
  await file(join(path, 'notes.txt'));
  return path;
}
