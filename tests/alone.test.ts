import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../harness/project.ts';
import { execa } from '../programs/execa.ts';
import { alone, altersItsProcess } from './alone.ts';

async function textsOf(...patterns: string[]): Promise<Map<string, string>> {
  const listing = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  const { stdout } = await execa('git', listing, { cwd: projectFolder });
  const files = stdout.split('\n').filter(Boolean);
  const read = (file: string): Promise<string> => readFile(join(projectFolder, file), 'utf8').catch(() => '');
  return new Map(await Promise.all(files.map(async (file) => [file, await read(file)] as const)));
}

test('a unit test that alters its process has one of its own', async () => {
  const texts = await textsOf('*.test.ts', ':!tests/sabotage');
  const altering = [...texts].filter(([, text]) => altersItsProcess(text)).map(([file]) => file);
  expect(altering.length).toBeGreaterThan(5);
  expect([...alone].toSorted()).toEqual(altering.toSorted());
});

// The test runner loads no hooks there, so that it would mock nothing and say nothing.
test('no contract test mocks a module', async () => {
  const texts = await textsOf('*.contract.ts');
  expect(texts.size).toBeGreaterThan(40);
  expect([...texts].filter(([, text]) => /\bvi\.(?:mock|doMock|hoisted)\(/.test(text)).map(([file]) => file)).toEqual(
    [],
  );
});

// In two parts, or this file would be one of them.
test.for([
  ['vi.', "mock('./a.ts')"],
  ['vi.', "stubEnv('A', '1')"],
  ['process.', "env['A'] = '1';"],
  ['process.', "chdir('/')"],
])('%s%s is seen', ([one, other]) => expect(altersItsProcess(`${one}${other}`)).toBe(true));
