import { readdir, realpath, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import prettyBytes from 'pretty-bytes';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { ServiceDisk, ServiceName } from '../domain/service.ts';
import { isMountPoint, mountMark, mountsOf } from './marks/mounts.ts';
import type { RunContext } from './run-context.ts';
import { inProgramEnvironment } from './program-environment.ts';
import { askUntil } from '../domain/ask-until.ts';
import { systemClock } from '../domain/clock.ts';

/** Data up to this size are moved: the disk is in the memory of the machine. */
const mostDataBytes = 1024 ** 3;

export interface SmallDiskOptions {
  run: Pick<RunContext, 'runId' | 'makeFolder'>;
  service: ServiceName;
  /** The folder of the data, on this machine. */
  folder: () => Promise<string>;
}

/** As `ServiceDisk`; what the service that owns it needs beside that. */
export interface SmallDisk extends ServiceDisk {
  /** Takes the disk away with the data on it. Idempotent. */
  drop(): Promise<void>;
}

/**
 * A disk of a service's own: a file system in memory that is mounted over the folder of its data, so that it can be
 * full while the disks of the machine are not. Mounting needs Linux and root.
 */
export function smallDisk({ run, service, folder }: SmallDiskOptions): SmallDisk {
  const place = async (): Promise<string | undefined> => {
    const path = await folder()
      .then((found) => realpath(found))
      .catch(() => undefined);
    return path !== undefined && (await isMountPoint(path)) ? path : undefined;
  };

  return {
    async confine(freeBytes) {
      if ((await place()) !== undefined) return;
      await assertPossible(service, folder);
      const path = await realpath(await folder());
      const staging = await run.makeFolder('disk');
      const size = `size=${mostDataBytes + freeBytes}`;
      await mount(service, ['-t', 'tmpfs', '-o', `${size},mode=0700`, mountMark(run.runId), staging]);
      await copyInto(path, staging);
      await mount(service, ['--bind', staging, path]);
      await unmount(staging);
      await resize(service, path, freeBytes);
    },

    async fill() {
      const path = await place();
      if (path !== undefined) await resize(service, path, 0);
    },

    async release() {
      const path = await place();
      if (path === undefined) return;
      const staging = await run.makeFolder('disk');
      await mount(service, ['--bind', path, staging]);
      await unmount(path);
      await emptyFolder(path);
      await copyInto(staging, path);
      await unmount(staging);
    },

    async drop() {
      const path = await place();
      if (path !== undefined) await execa('umount', [path], inProgramEnvironment());
    },
  };
}

/** Takes all disks of a run away, with what is on them. */
export async function dropMountsOf(runId: string): Promise<void> {
  // Lazily: who still has a file open on it keeps that file, and nothing else.
  for (const path of await mountsOf(runId)) await execa('umount', ['--lazy', path], inProgramEnvironment());
}

async function assertPossible(service: ServiceName, folder: SmallDiskOptions['folder']): Promise<void> {
  const reason = await reasonAgainst(folder);
  if (reason === undefined) return;
  throw new DrillError({
    code: 'unsupported',
    service,
    what: `${service} cannot be put on a small disk`,
    expected: 'root on Linux, and data on this machine that fit into its memory',
    actual: reason,
  });
}

async function reasonAgainst(folder: SmallDiskOptions['folder']): Promise<string | undefined> {
  if (process.platform !== 'linux') return `this machine runs ${process.platform}`;
  if (process.getuid?.() !== 0) return 'this user is not root, who alone may mount';
  const sizeBytes = await folder().then(sizeOf, (error: unknown) => messageOf(error));
  if (typeof sizeBytes === 'string') return sizeBytes;
  return sizeBytes <= mostDataBytes ? undefined : `data of ${prettyBytes(sizeBytes)}`;
}

async function sizeOf(folder: string): Promise<number> {
  await readdir(folder);
  const { stdout } = await execa('du', ['-s', '--block-size=1', folder], inProgramEnvironment());
  return Number.parseInt(stdout, 10);
}

async function mount(service: ServiceName, args: readonly string[]): Promise<void> {
  const { failed, stderr } = await execa('mount', args, { ...inProgramEnvironment(), reject: false });
  if (!failed) return;
  throw new DrillError({
    code: 'unsupported',
    service,
    what: `${service} cannot be put on a small disk`,
    expected: 'a file system in memory to be mounted',
    actual: stderr.trim(),
  });
}

/** Leaves so many bytes free. What runs on it may take some in between: then it is asked again. */
async function resize(service: ServiceName, path: string, freeBytes: number): Promise<void> {
  let refusal: unknown;
  const resized = async (): Promise<boolean> => {
    const { blocks, bfree, bsize } = await statfs(path);
    const size = `size=${(blocks - bfree) * bsize + freeBytes}`;
    return mount(service, ['-o', `remount,${size}`, path]).then(
      () => true,
      (error: unknown) => {
        refusal = error;
        return false;
      },
    );
  };
  if (!(await askUntil(resized, { clock: systemClock, withinMs: 1_000, firstPauseMs: 1 }))) throw refusal;
}

/** Mode, owner and times of everything are kept, those of the folder itself too. */
async function copyInto(from: string, into: string): Promise<void> {
  // With the dot at its end it is the content of the folder that is copied.
  await execa('cp', ['-a', '--', `${from}/.`, into], inProgramEnvironment());
}

async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

async function unmount(staging: string): Promise<void> {
  await execa('umount', [staging], inProgramEnvironment());
}
