import { open, readFile, rename, rm } from 'node:fs/promises';
import type { NightlySummary } from '../domain/nightly.ts';
import { metricsText } from './metrics.ts';

/**
 * Brings a file for node_exporter's textfile collector up to date. It is replaced as a whole, so that the collector
 * never reads half of it; the file beside it that is written first does not end in `.prom`, so it is not read at all.
 */
export async function writeMetrics(file: string, summary: NightlySummary): Promise<void> {
  const text = metricsText(await readIfThere(file), summary);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'w', 0o644);
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

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
