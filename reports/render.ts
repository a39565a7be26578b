import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { DrillRecord } from '../domain/record.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { parseRecord } from './parse-record.ts';
import { replaceFile } from '../files/replace-file.ts';
import { reportFiles } from './write.ts';

/** Renders the reports again from the `drill.json` of the folder, and gives the record. */
export async function renderReports(directory: string): Promise<DrillRecord> {
  const file = join(directory, reportFiles.record);
  const record = parseRecord(await readRecordFile(file), file);
  await replaceFile(join(directory, reportFiles.markdown), renderMarkdown(record));
  await replaceFile(join(directory, reportFiles.html), await renderHtml(record));
  return record;
}

async function readRecordFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new DrillError({
      code: 'usage',
      what: 'there is no record to render',
      expected: `a folder with the ${reportFiles.record} of a run`,
      actual: messageOf(error),
      where: file,
      cause: error,
    });
  }
}
