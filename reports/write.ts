import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { DrillRecord } from '../domain/record.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { parseRecord } from './parse-record.ts';

/** Files that a report consists of, in the folder of the run. */
export const reportFiles = { record: 'drill.json', markdown: 'report.md', html: 'report.html' } as const;

/**
 * Writes `drill.json`, then renders the reports from what was written: so they are the same as any later rendering.
 * The folder is made. Each file is replaced at once, so that a crash leaves the one of before or the new one, whole.
 */
export async function writeReports(directory: string, record: DrillRecord): Promise<void> {
  await writeRecordFile(directory, record);
  await renderReports(directory);
}

/**
 * Writes `drill.json` and the Markdown only: what is kept after every step. The page with its charts is left as it is,
 * since drawing them again and again costs memory.
 */
export async function writeRecord(directory: string, record: DrillRecord): Promise<void> {
  const { file, text } = await writeRecordFile(directory, record);
  await replaceFile(join(directory, reportFiles.markdown), renderMarkdown(parseRecord(text, file)));
}

/** Renders the reports again from the `drill.json` of the folder, and gives the record. */
export async function renderReports(directory: string): Promise<DrillRecord> {
  const file = join(directory, reportFiles.record);
  const record = parseRecord(await readRecordFile(file), file);
  await replaceFile(join(directory, reportFiles.markdown), renderMarkdown(record));
  await replaceFile(join(directory, reportFiles.html), await renderHtml(record));
  return record;
}

async function writeRecordFile(directory: string, record: DrillRecord): Promise<{ file: string; text: string }> {
  const file = join(directory, reportFiles.record);
  const text = `${JSON.stringify(record, undefined, 2)}\n`;
  await mkdir(directory, { recursive: true });
  await replaceFile(file, text);
  return { file, text };
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

/** Keeps two writings of the same file apart, e.g. of a step and of an interruption during it. */
let writes = 0;

/** Writes beside the file, to the disk, and puts it in its place in one step. */
async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}-${(writes += 1)}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
