import { dirname } from 'node:path';
import type { ReportLinks } from '../evidence/report-links.ts';
import { makeFolder } from '../files/make-folder.ts';
import { replaceFile } from '../files/replace-file.ts';
import { historyFile } from './file.ts';
import type { DrillHistory } from './history.ts';
import { renderHistory } from './html.ts';

/** Writes the page to an `.html` file, or as `history.html` into a folder, and gives the file. */
export async function writeHistory(out: string, history: DrillHistory, links?: ReportLinks): Promise<string> {
  const file = historyFile(out);
  await makeFolder(dirname(file));
  await replaceFile(file, await renderHistory(history, links));
  return file;
}
