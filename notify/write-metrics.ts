import { readFile } from 'node:fs/promises';
import type { NightlySummary } from '../domain/nightly.ts';
import { replaceFile } from '../files/replace-file.ts';
import { metricsText } from './metrics.ts';

/**
 * Brings a file for node_exporter's textfile collector up to date. It is replaced as a whole, so that the collector
 * never reads half of it; the file beside it that is written first does not end in `.prom`, so it is not read at all.
 */
export async function writeMetrics(file: string, summary: NightlySummary): Promise<void> {
  const text = metricsText(await readIfThere(file), summary);
  await replaceFile(file, text, 0o644);
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
