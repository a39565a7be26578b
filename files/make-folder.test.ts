import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, test as base, expect } from 'vitest';
import { makeFolder, removeEmpty } from './make-folder.ts';

const test = base.extend('folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-folder-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
});

test('a folder is made with all above it, and those that were made are given', async ({ folder }) => {
  const [a, b] = [join(folder, 'a'), join(folder, 'a', 'b')];
  expect(await makeFolder(b)).toEqual([a, b]);
  expect(await makeFolder(b)).toEqual([]);
});

test('a folder that another process makes in the meantime is as good', async ({ folder }) => {
  const made = await Promise.all([1, 2, 3].map(() => makeFolder(join(folder, 'a', 'b', 'c'))));
  expect(made.flat().toSorted()).toEqual(['a', 'a/b', 'a/b/c'].map((name) => join(folder, name)));
});

test('what was made is taken away again, unless somebody uses it', async ({ folder }) => {
  const made = await makeFolder(join(folder, 'a', 'b', 'c'));
  await writeFile(join(folder, 'a', 'used'), '');
  await removeEmpty(made);
  expect(await readdir(join(folder, 'a'))).toEqual(['used']);
});

test('a file, a path below one and a link that leads nowhere are refused, and nothing is left', async ({ folder }) => {
  await writeFile(join(folder, 'file'), '');
  await symlink('nowhere', join(folder, 'link'));
  await mkdir(join(folder, 'there'));
  for (const name of ['file', 'file/a/b']) await expect(makeFolder(join(folder, name))).rejects.toThrow('ENOTDIR');
  await expect(makeFolder(join(folder, 'link', 'a'))).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(folder, 'there', 'a', 'x'.repeat(300)))).rejects.toThrow('ENAMETOOLONG');
  expect(await readdir(folder)).toEqual(['file', 'link', 'there']);
  expect(await readdir(join(folder, 'there'))).toEqual([]);
});

test.runIf(process.platform === 'linux')('it ends where nobody can make a folder', async () => {
  await expect(makeFolder('/proc/firedrill/a')).rejects.toThrow('ENOENT');
});
