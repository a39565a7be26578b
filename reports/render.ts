import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { DrillRecord } from '../domain/record.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { parseRecord } from './parse-record.ts';
import { replaceFile } from '../files/replace-file.ts';
import { reportFiles } from './write.ts';

/** The reports of a record, by the names of their files. */
export interface RenderedReports {
  record: DrillRecord;
  files: { name: string; text: string }[];
}

/** Renders the reports from the `drill.json` of a folder, and writes nothing. */
export async function renderedReports(directory: string): Promise<RenderedReports> {
  const file = join(directory, reportFiles.record);
  const record = parseRecord(await readRecordFile(file), file);
  const files = [
    { name: reportFiles.markdown, text: renderMarkdown(record) },
    { name: reportFiles.html, text: await renderHtml(record) },
  ];
  return { record, files };
}

/** Renders the reports again from the `drill.json` of the folder into it, and gives the record. */
export async function renderReports(directory: string): Promise<DrillRecord> {
  const { record, files } = await renderedReports(directory);
  for (const { name, text } of files) await replaceFile(join(directory, name), text);
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
