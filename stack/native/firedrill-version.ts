import { readFile } from 'node:fs/promises';

/** The version of this project: the stand-ins are part of it and bear it. */
export async function firedrillVersion(): Promise<string> {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}
