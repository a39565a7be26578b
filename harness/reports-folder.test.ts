import { lstat, mkdir, mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, test as base, expect } from 'vitest';
import { linkNewest } from './reports-folder.ts';

const test = base.extend('folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-newest-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
});

test('the link leads to the newest run, relative, so that both can be moved', async ({ folder }) => {
  for (const run of ['one', 'two']) {
    await mkdir(join(folder, run));
    await linkNewest(join(folder, run), 'latest', expect.unreachable);
    expect(await readlink(join(folder, 'latest'))).toBe(run);
  }
  expect(await readdir(folder)).toEqual(['latest', 'one', 'two']);
});

test('a folder of that name stays, and it is said', async ({ folder }) => {
  await mkdir(join(folder, 'latest'));
  const said: string[] = [];
  await linkNewest(join(folder, 'one'), 'latest', (line) => said.push(line));
  expect(said).toEqual([expect.stringContaining('does not lead to this run')]);
  expect((await lstat(join(folder, 'latest'))).isDirectory()).toBe(true);
  expect(await readdir(folder)).toEqual(['latest']);
});
