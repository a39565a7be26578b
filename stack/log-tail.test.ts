import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLogTail } from './log-tail.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-tail-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('gives the last lines and no more than were asked for', async () => {
  const file = join(folder, 'short.log');
  await writeFile(file, 'one\ntwo\nthree\n\n');
  expect(await readLogTail(file, 2)).toBe('two\nthree');
  expect(await readLogTail(file)).toBe('one\ntwo\nthree');
});

it('reads only the end of a long log', async () => {
  const file = join(folder, 'long.log');
  await writeFile(file, `${'x'.repeat(5_000_000)}\nthe end`);
  const tail = await readLogTail(file);
  expect(tail.endsWith('\nthe end')).toBe(true);
  expect(tail.length).toBe(64 * 1024);
});

it('leaves out secrets, and an empty secret leaves all as it is', async () => {
  const file = join(folder, 'secret.log');
  await writeFile(file, 'key hunter2hunter2 and again hunter2hunter2');
  expect(await readLogTail(file, 5, ['hunter2hunter2', ''])).toBe('key *** and again ***');
});

it('is empty when there is no file', async () => {
  expect(await readLogTail(join(folder, 'none.log'))).toBe('');
});
