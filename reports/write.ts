import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from '../programs/execa.ts';
import type { DrillRecord } from '../domain/record.ts';
import { replaceFile } from '../files/replace-file.ts';
import { renderMarkdown } from './markdown.ts';
import { parseRecord } from './parse-record.ts';
import { ownProgramEnvironment } from '../domain/environment.ts';

/** Files that a report consists of, in the folder of the run. */
export const reportFiles = { record: 'drill.json', markdown: 'report.md', html: 'report.html' } as const;

const renderProcess = fileURLToPath(new URL('render-process.ts', import.meta.url));

/**
 * Writes `drill.json`, then renders the reports from what was written: so they are the same as any later rendering.
 * The folder is made. Each file is replaced at once, so that a crash leaves the one of before or the new one, whole.
 * The page is drawn by a process of its own: the library for its charts would stay in this one's memory.
 */
export async function writeReports(directory: string, record: DrillRecord): Promise<void> {
  await writeRecord(directory, record);
  await execa(process.execPath, [renderProcess, directory], {
    stdin: 'ignore',
    detached: true,
    env: ownProgramEnvironment(process.env),
    extendEnv: false,
  });
}

/** Writes `drill.json` and the Markdown only: what is kept after every step. The page with its charts stays as it is. */
export async function writeRecord(directory: string, record: DrillRecord): Promise<void> {
  const { file, text } = await writeRecordFile(directory, record);
  await replaceFile(join(directory, reportFiles.markdown), renderMarkdown(parseRecord(text, file)));
}

/** Writes `drill.json` alone, and gives what was written. The folder is made. */
export async function writeRecordFile(directory: string, record: DrillRecord): Promise<{ file: string; text: string }> {
  const file = join(directory, reportFiles.record);
  const text = `${JSON.stringify(record, undefined, 2)}\n`;
  await mkdir(directory, { recursive: true });
  await replaceFile(file, text);
  return { file, text };
}
