import { readFile } from 'node:fs/promises';
import { runFolderPrefix } from './run-marks.ts';

/** The source by which a disk of a run is named in the table of mounts: its mark there. */
export function mountMark(runId: string): string {
  return `${runFolderPrefix}${runId}`;
}

/** Where the disks of a run are mounted, the newest first. Empty on systems without `/proc/self/mounts`. */
export async function mountsOf(runId: string): Promise<string[]> {
  const mounts = await readMounts();
  return mounts.filter(({ source, type }) => type === 'tmpfs' && source === mountMark(runId)).map(({ path }) => path);
}

/** Whether something is mounted at that folder; its path has no link in it. */
export async function isMountPoint(folder: string): Promise<boolean> {
  return (await readMounts()).some(({ path }) => path === folder);
}

export interface Mount {
  source: string;
  path: string;
  type: string;
}

async function readMounts(): Promise<Mount[]> {
  return parseMounts(await readFile('/proc/self/mounts', 'utf8').catch(() => ''));
}

/** The table of mounts, the newest first. Source: proc(5) and fstab(5); blanks in a path are octal there. */
export function parseMounts(text: string): Mount[] {
  return text
    .split('\n')
    .map((line) => line.split(' ').map(unescaped))
    .flatMap(([source, path, type]) =>
      source === undefined || path === undefined || type === undefined ? [] : [{ source, path, type }],
    )
    .toReversed();
}

function unescaped(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
