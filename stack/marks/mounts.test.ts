import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isMountPoint, mountMark, mountsOf, parseMounts } from './mounts.ts';

it('reads the table of mounts, the newest first, blanks in paths included', () => {
  const text = 'proc /proc proc rw 0 0\nfiredrill-one /tmp/a\\040b\\134c tmpfs rw,size=4096k 0 0\n';
  expect(parseMounts(text)).toEqual([
    { source: 'firedrill-one', path: '/tmp/a b\\c', type: 'tmpfs' },
    { source: 'proc', path: '/proc', type: 'proc' },
  ]);
  expect(mountMark('one')).toBe('firedrill-one');
  expect(parseMounts('')).toEqual([]);
});

it('finds nothing of a run that has mounted nothing', async () => {
  expect(await mountsOf('no-such-run')).toEqual([]);
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mounts-')));
  expect(await isMountPoint(folder)).toBe(false);
  await rm(folder, { recursive: true });
});
