import type { NightlySummary } from '../domain/nightly.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { replaceFile } from '../files/replace-file.ts';
import { metricsText } from './metrics.ts';

/**
 * Brings a file for node_exporter's textfile collector up to date. It is replaced as a whole, so that the collector
 * never reads half of it; the file beside it that is written first does not end in `.prom`, so it is not read at all.
 */
export async function writeMetrics(file: string, summary: NightlySummary): Promise<void> {
  const before = (await readIfThere(file))?.toString('utf8') ?? '';
  const text = metricsText(before, summary);
  await replaceFile(file, text, 0o644);
}
