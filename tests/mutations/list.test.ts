import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../../harness/project.ts';
import { mutations } from './list.ts';

const textOf = async (file: string): Promise<string> => readFile(join(projectFolder, file), 'utf8');
const timesIn = (text: string, part: string): number => text.split(part).length - 1;

test('there are sixty mutations or more, each with a name of its own, over all that judges', () => {
  expect(mutations.length).toBeGreaterThanOrEqual(60);
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
  expect(mutations.filter(({ name }) => !/^[a-z\d]+(-[a-z\d]+)*$/.test(name))).toEqual([]);
  const folders = new Set(mutations.map(({ file }) => file.split('/')[0]));
  const judging = ['checks', 'domain', 'evidence', 'harness', 'masking', 'quarterly', 'recovery', 'schedule', 'smoke'];
  expect(folders).toEqual(new Set(judging));
});

test('most of them are caught by a test that needs no server', () => {
  expect(mutations.filter(({ slow }) => slow !== true).length).toBeGreaterThanOrEqual(60);
  for (const { name, slow, caughtBy } of mutations) {
    expect(slow === true, name).toBe(caughtBy.test.endsWith('.contract.ts'));
  }
});

test.for(mutations.map((mutation) => [mutation.name, mutation] as const))(
  '%s can be played: its text stands in its file once, and its test is there',
  async ([, { file, find, replace, caughtBy }]) => {
    expect(timesIn(await textOf(file), find), `how often ${file} has: ${find}`).toBe(1);
    expect(replace).not.toBe(find);
    expect(file).not.toMatch(/\.(test|contract)\.ts$/);
    const test = await textOf(caughtBy.test);
    if (caughtBy.title !== undefined) expect(test).toContain(caughtBy.title);
  },
);
