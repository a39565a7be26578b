import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArchiveError, packFolder, unpackArchive } from './archive.ts';

let root: string;
let whole: Buffer;
const content = Array.from({ length: 4000 }, (_, line) => `line ${line * 7919}`).join('\n');

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'firedrill-archive-'));
  await mkdir(join(root, 'in', 'empty'), { recursive: true });
  await mkdir(join(root, 'in', 'deep', 'er'), { recursive: true });
  await writeFile(join(root, 'in', 'first.txt'), 'ș');
  await writeFile(join(root, 'in', 'deep', 'er', 'long.txt'), content);
  await writeFile(join(root, 'in', 'nothing'), '');
  await packFolder(join(root, 'in'), join(root, 'whole'));
  whole = await readFile(join(root, 'whole'));
});
afterAll(() => rm(root, { recursive: true }));

/** Unpacks bytes into a new folder and gives the error, if there is one. */
async function unpacked(bytes: Buffer): Promise<{ folder: string; error: unknown }> {
  const folder = await mkdtemp(join(root, 'out-'));
  await writeFile(join(root, 'given'), bytes);
  const error = await unpackArchive(join(root, 'given'), folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { folder, error };
}

describe('an archive', () => {
  it('comes back as it was packed, and no partial file stays beside it', async () => {
    const { folder, error } = await unpacked(whole);
    expect(error).toBeUndefined();
    expect((await readdir(folder, { recursive: true })).toSorted()).toEqual(
      (await readdir(join(root, 'in'), { recursive: true })).toSorted(),
    );
    expect(await readFile(join(folder, 'deep', 'er', 'long.txt'), 'utf8')).toBe(content);
    expect(await readFile(join(folder, 'first.txt'), 'utf8')).toBe('ș');
    expect((await readdir(root)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('cut off at any place is refused', async () => {
    for (let part = 0; part < 40; part++) {
      const { error } = await unpacked(whole.subarray(0, Math.floor((whole.length * part) / 40)));
      expect(error, `${part} of 40 parts`).toBeInstanceOf(ArchiveError);
      expect((error as Error).message).toContain('unexpected end of file');
    }
  });

  it.each([1, 4, 8, 20])('without its last %i bytes is refused', async (bytes) => {
    const { error } = await unpacked(whole.subarray(0, -bytes));
    expect((error as Error).message).toContain('unexpected end of file');
  });

  it('names the entry in which it ends', async () => {
    const { folder, error } = await unpacked(whole.subarray(0, whole.length / 2));
    const target = join(folder, 'deep/er/long.txt');
    expect((error as Error).message).toBe(
      `failed to unpack \`${target}\`\n\nCaused by:\n    0: failed to unpack \`deep/er/long.txt\` into \`${target}\`\n    1: unexpected end of file`,
    );
  });

  it('with one changed byte is refused', async () => {
    const changed = Buffer.from(whole);
    const at = Math.floor(changed.length / 2);
    changed[at] = (changed[at] ?? 0) ^ 0x55;
    expect((await unpacked(changed)).error).toBeInstanceOf(ArchiveError);
  });

  it('that is none is refused', async () => {
    expect((await unpacked(Buffer.from('no archive'))).error).toBeInstanceOf(ArchiveError);
    expect((await unpacked(Buffer.from('surely no archive at all'))).error).toMatchObject({
      message: expect.stringContaining('invalid gzip header') as string,
    });
  });

  it('whose entry leads out of the folder is refused', async () => {
    const tar = pack();
    tar.entry({ name: '../outside.txt' }, 'x');
    tar.finalize();
    await pipeline(tar, createGzip(), createWriteStream(join(root, 'evil')));
    const { error } = await unpacked(await readFile(join(root, 'evil')));
    expect((error as Error).message).toContain('leads out of the archive');
    expect(await readdir(root)).not.toContain('outside.txt');
  });
});
