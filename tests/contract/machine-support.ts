import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { requireFaketime } from '../../stack/faketime.ts';

/** Why no disk can be mounted here, to be put behind the name of a test; empty where one can. */
export const noMount =
  process.platform === 'linux' && process.getuid?.() === 0 ? '' : ' (skipped: only root on Linux may mount)';

/** Likewise, why no clock can be set off. */
export const noFaketime = await requireFaketime('api').then(
  () => '',
  (error: unknown) => ` (skipped: ${String(error).split('\n')[0]})`,
);

/** A folder on a disk of its own in memory, of that size; it goes with all that is in it. Only where there is `noMount`. */
export async function smallFolder(sizeBytes: number): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'firedrill-small-disk-'));
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes},mode=0700`, 'firedrill-test', path]);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await execa('umount', [path]);
      await rm(path, { recursive: true, force: true });
    },
  };
}
