import { mkdir, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../domain/clock.ts';
import { installSource, sourceDifferences } from './install-source.ts';

let base: string;
let source: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'firedrill-install-test-'));
  source = join(base, 'source');
  await mkdir(join(source, 'bin'), { recursive: true });
  await writeFile(join(source, 'bin', 'a.ts'), 'a');
  await writeFile(join(source, 'old.ts'), 'old');
  await writeFile(join(source, '.gitignore'), 'built\nnode_modules\n');
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: source });
  await git('init', '-q');
  await git('add', '.');
  await git('commit', '-qm', 'first');
  await writeFile(join(source, 'new ü.ts'), 'new');
  await writeFile(join(source, 'built'), 'rubbish');
  await unlink(join(source, 'old.ts'));
});

afterEach(() => rm(base, { recursive: true, force: true }));

test('it holds what is under version control and what is new, and nothing that is ignored or deleted', async () => {
  const installed = await installSource({ source, folder: join(base, 'copy'), clock: systemClock });
  expect(installed).toMatchObject({ files: 3, revision: expect.stringMatching(/^[0-9a-f]{40}$/) as string });
  expect(await readFile(join(base, 'copy', 'new ü.ts'), 'utf8')).toBe('new');
  await expect(readFile(join(base, 'copy', 'built'))).rejects.toThrow('ENOENT');
  await expect(readFile(join(base, 'copy', 'old.ts'))).rejects.toThrow('ENOENT');
  expect(await sourceDifferences(installed)).toEqual([]);
});

test('a file that is changed or gone is found', async () => {
  const installed = await installSource({ source, folder: join(base, 'copy'), clock: systemClock });
  await writeFile(join(base, 'copy', 'bin', 'a.ts'), 'b');
  await unlink(join(base, 'copy', 'new ü.ts'));
  expect(await sourceDifferences(installed)).toEqual([
    { file: 'bin/a.ts', what: 'changed' },
    { file: 'new ü.ts', what: 'missing' },
  ]);
});

test('a source under no version control is refused', async () => {
  const bare = join(base, 'bare');
  await mkdir(bare);
  await expect(installSource({ source: bare, folder: join(base, 'x'), clock: systemClock })).rejects.toThrow(
    'its source is under no version control',
  );
});
