import { glob, rm } from 'node:fs/promises';
import { DrillError } from '../domain/drill-error.ts';
import type { ServiceName } from '../domain/service.ts';

/** Where distributions put libfaketime; the variant for programs with threads first. */
const places = ['/usr/lib/*/faketime', '/usr/lib64/faketime', '/usr/lib/faketime', '/usr/local/lib/faketime'];
const names = ['libfaketimeMT.so.1', 'libfaketime.so.1'];

/** The library of this machine that gives a program another clock. Throws a `DrillError` (`unsupported`) without one. */
export async function requireFaketime(service: ServiceName, folders: readonly string[] = places): Promise<string> {
  for (const name of names) {
    for (const place of folders) {
      for await (const file of glob(`${place}/${name}`)) return file;
    }
  }
  throw new DrillError({
    code: 'unsupported',
    service,
    what: `the clock of ${service} cannot be set off`,
    expected: 'libfaketime on this machine',
    actual: 'none in the usual places',
    where: folders.join(', '),
    hint: 'On Debian and Ubuntu: apt-get install faketime.',
  });
}

/**
 * Variables that load the library (at this path) into a program and put its clock off. What measures durations is left
 * alone: a program waits as long as before. Source: the manual of libfaketime.
 */
export function faketimeVariables(library: string, offsetMs: number): Record<string, string> {
  const seconds = Math.round(offsetMs / 1_000);
  return {
    LD_PRELOAD: library,
    [offsetVariable]: seconds < 0 ? String(seconds) : `+${seconds}`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    // The times of files stay what the disk says.
    NO_FAKE_STAT: '1',
  };
}

const offsetVariable = 'FAKETIME';

/** Removes what the library leaves in shared memory when the process that loaded it is killed. */
export async function removeFaketimeMemory(pid: number): Promise<void> {
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) await rm(`/dev/shm/${name}`, { force: true });
}

/** Whether a program with these variables loads the library. */
export function loadsFaketime(environment: Readonly<Record<string, string>>): boolean {
  return offsetVariable in environment;
}
