import { mkdir } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { replaceFile } from '../files/replace-file.ts';
import type { DrillHistory } from './history.ts';
import { renderHistory } from './html.ts';

/** Writes the page to an `.html` file, or as `history.html` into a folder, and gives the file. */
export async function writeHistory(out: string, history: DrillHistory): Promise<string> {
  const file = resolve(extname(out) === '.html' ? out : join(out, 'history.html'));
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, await renderHistory(history));
  return file;
}
