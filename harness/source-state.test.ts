import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from '../programs/execa.ts';
import { onTestFinished, test as base, expect } from 'vitest';
import { projectFolder } from './project.ts';
import { codeFolders, sourceState, takesPart } from './source-state.ts';

/** A small project in a folder that is no repository yet. */
const test = base.extend('folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-source-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = [
    'drills/a.drill.ts',
    'runbooks/a/runbook.yaml',
    'fixtures/a/schema.sql',
    'harness/run.ts',
    'package.json',
  ];
  for (const file of files) await put(folder, file, 'one');
  return folder;
});

async function put(folder: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

async function commit(folder: string): Promise<void> {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  await execa('git', ['init', '-q'], { cwd: folder });
  await execa('git', ['add', '-A'], { cwd: folder });
  await execa('git', [...identity, 'commit', '-q', '-m', 'one'], { cwd: folder });
}

test('a digest of the same files is the same, with git and without', async ({ folder }) => {
  const without = await sourceState(folder);
  expect(without).toEqual({ sourceSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  await commit(folder);
  expect(await sourceState(folder)).toEqual({
    ...without,
    gitRevision: expect.stringMatching(/^[0-9a-f]{40}$/),
    uncommittedFiles: [],
  });
});

for (const file of [
  'drills/a.drill.ts',
  'runbooks/a/runbook.yaml',
  'fixtures/a/schema.sql',
  'harness/run.ts',
  'fixtures/a/new.json',
]) {
  test(`a change of ${file} without a commit is another digest, and is named`, async ({ folder }) => {
    await commit(folder);
    const before = await sourceState(folder);
    await put(folder, file, 'two');
    const after = await sourceState(folder);
    expect(after.sourceSha256).not.toBe(before.sourceSha256);
    expect(after.gitRevision).toBe(before.gitRevision);
    expect(after.uncommittedFiles).toEqual([file]);
    await put(folder, file, 'one');
  });
}

test('what takes no part in a drill changes nothing: documents, tests, what runs leave', async ({ folder }) => {
  await commit(folder);
  const before = await sourceState(folder);
  for (const file of [
    'README.md',
    'docs/a.md',
    'tests/a.ts',
    'harness/run.test.ts',
    'reports/out/a/drill.json',
    'evidence/ledger/ledger.jsonl',
    'evidence/runs/a/drill.json',
    'records/a/drill.json',
    '.firedrill/ledger.jsonl',
    'drills/node_modules/a.ts',
  ])
    await put(folder, file, 'two');
  expect(await sourceState(folder)).toEqual(before);
});

test('to ask does not write the index of git', async ({ folder }) => {
  await commit(folder);
  await put(folder, 'drills/a.drill.ts', 'one');
  const index = join(folder, '.git', 'index');
  const before = [await readFile(index), (await stat(index)).mtimeMs];
  await sourceState(folder);
  expect([await readFile(index), (await stat(index)).mtimeMs]).toEqual(before);
});

test('a project below the top of its repository is its own part of it', async ({ folder }) => {
  const inner = join(folder, 'inner');
  await put(inner, 'drills/b.drill.ts', 'one');
  await commit(folder);
  await put(folder, 'drills/a.drill.ts', 'two');
  await put(inner, 'drills/b.drill.ts', 'two');
  expect((await sourceState(inner)).uncommittedFiles).toEqual(['drills/b.drill.ts']);
});

/** Folders whose code only tells of runs, or tries the program out. */
const bystanders = ['bench', 'docs', 'history', 'notify', 'quarterly', 'schedule', 'scripts', 'tests'];

test('every folder of this project with code takes part in a drill, or is said not to', async () => {
  const { stdout } = await execa('git', ['ls-files', '--', '*.ts'], { cwd: projectFolder });
  const folders = new Set(
    stdout
      .split('\n')
      .filter((file) => file.includes('/'))
      .map((file) => file.split('/')[0] ?? ''),
  );
  const known = [...codeFolders, 'drills', 'fixtures', ...bystanders].toSorted();
  expect(known).toEqual(expect.arrayContaining([...folders]));
  expect(takesPart('drills/db-loss.drill.ts')).toBe(true);
});
