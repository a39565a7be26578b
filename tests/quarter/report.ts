import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { QuarterlyReport } from '../../quarterly/report.ts';
import { quarter, told } from './calendar.ts';
import { ledgerIn } from './simulate.ts';

/** Who sees to the finding that nobody has closed, and by when. */
export const owner = { name: 'Ioana Pop', due: '2026-03-27' };

type Run = (args: readonly string[]) => PromiseLike<{ exitCode?: number | undefined; all: string }>;

/** Where the report on a simulated quarter is. */
export const reportIn = (folder: string): string => join(folder, 'quarter');

/** Reads the report as JSON. */
export async function readReport(folder: string): Promise<QuarterlyReport> {
  return JSON.parse(await readFile(join(reportIn(folder), 'quarterly.json'), 'utf8')) as QuarterlyReport;
}

/**
 * Reports on a simulated quarter as people would: the report opens the findings of failed runs, those of the last
 * failure are given an owner and a day, the report is made again. Gives what the last one has said.
 */
export async function reportQuarter(folder: string, firedrill: Run): Promise<{ all: string }> {
  const days = ['--from', quarter.from, '--to', quarter.to];
  const place = ['--ledger', ledgerIn(folder)];
  const report = async (): Promise<{ all: string }> => {
    const { exitCode, all } = await firedrill(['quarterly', ...days, ...place, '--out', reportIn(folder)]);
    if (exitCode !== 0) throw new Error(`quarterly ended ${exitCode}:\n${all}`);
    return { all };
  };
  await report();
  const { findings } = await readReport(folder);
  for (const { id } of findings.filter(({ openedBy }) => openedBy === told.lastFailed)) {
    const args = ['findings', 'accept', id, '--owner', owner.name, '--due', owner.due, ...place];
    const { exitCode, all } = await firedrill(args);
    if (exitCode !== 0) throw new Error(`findings accept ended ${exitCode}:\n${all}`);
  }
  return report();
}
