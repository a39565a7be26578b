import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readIfThere } from './read-if-there.ts';

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
