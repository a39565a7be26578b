import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../harness/project.ts';
import { execa } from '../programs/execa.ts';
import { alone, altersItsProcess } from './alone.ts';

test('a unit test that alters its process has one of its own', async () => {
  const listing = ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.test.ts', ':!tests/sabotage'];
  const { stdout } = await execa('git', listing, { cwd: projectFolder });
  const files = stdout.split('\n').filter(Boolean);
  const texts = await Promise.all(files.map((file) => readFile(join(projectFolder, file), 'utf8').catch(() => '')));
  const altering = files.filter((_, index) => altersItsProcess(texts[index]!));
  expect(altering.length).toBeGreaterThan(5);
  expect([...alone].toSorted()).toEqual(altering.toSorted());
});

// In two parts, or this file would be one of them.
test.for([
  ['vi.', "mock('./a.ts')"],
  ['vi.', "stubEnv('A', '1')"],
  ['process.', "env['A'] = '1';"],
  ['process.', "chdir('/')"],
])('%s%s is seen', ([one, other]) => expect(altersItsProcess(`${one}${other}`)).toBe(true));
