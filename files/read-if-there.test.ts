import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import { expect, test } from 'vitest';
import { readIfThere } from './read-if-there.ts';

test.skipIf(process.platform === 'win32')('a pipe that was left in place of a file is not waited for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-read-'));
  try {
    await execa('mkfifo', [join(folder, 'pipe')]);
    await expect(readIfThere(join(folder, 'pipe'))).rejects.toThrow('it is no plain file');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a file that is missing is told from one that cannot be read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-read-'));
  try {
    await writeFile(join(folder, 'a'), 'text');
    expect((await readIfThere(join(folder, 'a')))?.toString()).toBe('text');
    expect(await readIfThere(join(folder, 'b'))).toBeUndefined();
    await expect(readIfThere(folder)).rejects.toThrow('EISDIR');
  } finally {
    await rm(folder, { recursive: true });
  }
});
