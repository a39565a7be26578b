import { dirname } from 'node:path';
import { Command } from 'commander';
import { systemClock } from '../../domain/clock.ts';
import { requireWritable } from '../../evidence/usable-folder.ts';
import { reportsFolder } from '../../harness/reports-folder.ts';
import { historyFile } from '../../history/file.ts';
import { reportLinks } from '../../evidence/report-links.ts';
import { frontOf } from '../../history/front.ts';
import { gatherHistory } from '../../history/gather.ts';
import { historyOf } from '../../history/history-of.ts';
import type { Project } from '../../history/inputs.ts';
import { ledgerFolder, ledgerOption } from '../ledger-folder.ts';
import { ask } from '../own-process.ts';
import { version } from '../version.ts';

/** `firedrill history`: from the ledger and the records alone; nothing is started, nothing but the page is written. */
export const historyCommand = new Command('history')
  .description('draw the dashboard over all runs: how each scenario stands, what is due, trends, calendar, coverage')
  .addOption(ledgerOption())
  .option('--out <file or folder>', 'an .html file, or the folder for history.html (default: reports/out)')
  .addHelpText('after', '\nExit codes: 0 written, whatever it says; 3 wrong usage.')
  .action(async ({ ledger, out = reportsFolder }: { ledger?: string; out?: string }) => {
    const file = historyFile(out);
    await requireWritable(dirname(file), '--out');
    const inputs = await gatherHistory({
      project: (await ask('project.ts')) as Project,
      now: systemClock.now(),
      firedrill: await version(),
      ledger: ledgerFolder(ledger),
    });
    const history = historyOf(inputs);
    // Here only: the other commands do without the library for charts.
    const { writeHistory } = await import('../../history/write.ts');
    const runs = inputs.runs.map(({ run }) => run);
    const links = reportLinks(runs, { ledger: ledgerFolder(ledger), pageFolder: dirname(file) });
    await writeHistory(file, history, links);
    const { word, headline, lede } = frontOf(history);
    process.stdout.write(`history   ${lede}: ${word}. ${headline}\nwritten   ${file}\n`);
  });
