import { execa } from '../programs/execa.ts';
import { expect, test } from 'vitest';
import { shellWord } from './shell-word.ts';

test('a printed word is the same one in a shell, whatever is in it', async () => {
  for (const text of ['reports/out/run-1', "it's a 100% ä #path", '$HOME `x` "y" \\', '*']) {
    const { stdout } = await execa('sh', ['-c', `printf %s ${shellWord(text)}`]);
    expect(stdout).toBe(text);
  }
  expect(shellWord('reports/out/run-1')).toBe('reports/out/run-1');
});
