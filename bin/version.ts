import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../harness/project.ts';

/** Version of the program. */
export async function version(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8')) as { version: string };
  return version;
}
