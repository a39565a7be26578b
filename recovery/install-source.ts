import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from '../programs/execa.ts';
import pLimit from 'p-limit';
import type { Clock } from '../domain/clock.ts';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import { inProgramEnvironment } from '../stack/program-environment.ts';

export interface InstallOptions {
  /** Work tree of the source, under version control. */
  source: string;
  /** Folder to install into; it must not exist. */
  folder: string;
  clock: Clock;
  signal?: AbortSignal;
}

/** A clean copy of a source tree. */
export interface InstalledSource {
  source: string;
  folder: string;
  files: number;
  durationMs: number;
  /** Revision that is checked out at the source; absent where it has none. */
  revision?: string;
}

/** Files that are copied or read at a time. */
const concurrency = 16;

/**
 * Copies what is under version control, and new files that it does not ignore, into a folder of its own: nothing that
 * was built or left behind comes along. Packages are linked from the source's own installation. Throws a `DrillError`
 * (`tool-failed`) when the source is under no version control or a file cannot be copied.
 */
export async function installSource({ source, folder, clock, signal }: InstallOptions): Promise<InstalledSource> {
  const startedMs = clock.monotonicMs();
  const files = await filesOf(source);
  await mkdir(folder, { mode: 0o700 });
  await pLimit(concurrency).map(files, async (file) => {
    signal?.throwIfAborted();
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(source, file), join(folder, file));
  });
  await symlink(join(source, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const { stdout, failed } = await execa('git', ['rev-parse', 'HEAD'], {
    ...inProgramEnvironment(),
    cwd: source,
    reject: false,
  });
  return {
    source,
    folder,
    files: files.length,
    durationMs: clock.monotonicMs() - startedMs,
    ...(!failed && { revision: stdout.trim() }),
  };
}

/** A file of an installation that is not as its source has it. */
export interface SourceDifference {
  file: string;
  what: 'missing' | 'changed';
}

/** Holds every installed file against its source, by sha256. */
export async function sourceDifferences({ source, folder }: InstalledSource): Promise<SourceDifference[]> {
  const differences: SourceDifference[] = [];
  await pLimit(concurrency).map(await filesOf(source), async (file) => {
    const [expected, actual] = await Promise.all([digestOf(join(source, file)), digestOf(join(folder, file))]);
    if (expected === actual) return;
    differences.push({ file, what: actual === undefined ? 'missing' : 'changed' });
  });
  return differences.toSorted((one, other) => (one.file < other.file ? -1 : 1));
}

async function filesOf(source: string): Promise<string[]> {
  try {
    const options = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
    const [{ stdout }, deleted] = await Promise.all([
      execa('git', options, { ...inProgramEnvironment(), cwd: source }),
      execa('git', ['ls-files', '-z', '--deleted'], { ...inProgramEnvironment(), cwd: source }),
    ]);
    const gone = new Set(deleted.stdout.split('\0'));
    return stdout.split('\0').filter((file) => file !== '' && !gone.has(file));
  } catch (error) {
    throw new DrillError({
      code: 'tool-failed',
      what: 'the application cannot be installed: its source is under no version control here',
      expected: 'a clone with git beside it',
      actual: messageOf(error).split('\n')[0] ?? '',
      cause: error,
    });
  }
}

async function digestOf(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
