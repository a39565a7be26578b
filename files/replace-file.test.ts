import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, test as base, expect } from 'vitest';
import { replaceFile } from './replace-file.ts';

const test = base.extend('folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-replace-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
});

test('a file is replaced as a whole and nothing is left beside it', async ({ folder }) => {
  const file = join(folder, 'a.json');
  await writeFile(file, 'of before, and longer');
  await replaceFile(file, 'new', 0o600);
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['a.json']);
});

test('two writings at once leave one of the two, whole', async ({ folder }) => {
  const file = join(folder, 'a.json');
  const texts = ['1', '2'].map((digit) => digit.repeat(1_000_000));
  await Promise.all(texts.map((text) => replaceFile(file, text)));
  expect(texts).toContain(await readFile(file, 'utf8'));
  expect(await readdir(folder)).toEqual(['a.json']);
});

test('where it cannot be put in its place, what was written beside it is removed', async ({ folder }) => {
  const file = join(folder, 'sub');
  await replaceFile(join(folder, 'other'), '');
  await expect(replaceFile(join(folder, 'other', 'a.json'), 'new')).rejects.toThrow('ENOTDIR');
  await mkdir(file);
  await expect(replaceFile(file, 'new')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(await readdir(folder)).toEqual(['other', 'sub']);
});
