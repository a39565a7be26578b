import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../domain/drill-error.ts';
import type { ReportLinks } from '../evidence/report-links.ts';
import { replaceFile } from '../files/replace-file.ts';
import { number } from '../reports/format.ts';
import { renderQuarterlyHtml } from './html.ts';
import { renderQuarterlyMarkdown } from './markdown.ts';
import type { QuarterlyReport } from './report.ts';

/** Files of a quarterly report, in the folder that was asked for. */
export const quarterlyFiles = {
  json: 'quarterly.json',
  markdown: 'quarterly.md',
  html: 'quarterly.html',
  pdf: 'quarterly.pdf',
} as const;

/** A browser takes about a megabyte for each row of a table that it prints. */
const mostPrintedRows = 1_500;

/**
 * Writes the report in all formats and gives the files. The PDF is what Chromium prints; where there is none, it does not
 * start, or the page is longer than it can print, `withoutPdf` says so and the page stands alone.
 */
export async function writeQuarterly(
  directory: string,
  report: QuarterlyReport,
  links?: ReportLinks,
): Promise<{ files: string[]; withoutPdf?: string }> {
  await mkdir(directory, { recursive: true });
  const path = (name: keyof typeof quarterlyFiles): string => join(directory, quarterlyFiles[name]);
  await replaceFile(path('json'), `${JSON.stringify(report, undefined, 2)}\n`);
  await replaceFile(path('markdown'), renderQuarterlyMarkdown(report));
  const html = await renderQuarterlyHtml(report, links);
  await replaceFile(path('html'), html);
  const files = [path('json'), path('markdown'), path('html')];
  // That of an earlier report must not stand beside this one.
  await rm(path('pdf'), { force: true });
  const rows = html.split('<tr ').length;
  if (rows > mostPrintedRows) {
    return { files, withoutPdf: `${number(rows)} rows are more than the ${number(mostPrintedRows)} that are printed` };
  }
  try {
    // Only here: who asks for no report does without the library for browsers, which may not be installed.
    const { takeScreenshot } = await import('../reports/screenshot.ts');
    await takeScreenshot({ report: path('html'), out: path('pdf') });
    return { files: [...files, path('pdf')] };
  } catch (error) {
    return { files, withoutPdf: messageOf(error) };
  }
}
