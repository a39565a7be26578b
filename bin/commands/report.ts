import { join } from 'node:path';
import { Command } from 'commander';

/** `firedrill report <folder>`: renders the reports again, from the record alone. */
export const reportCommand = new Command('report')
  .description('render report.md and report.html again from the drill.json of a run')
  .argument('<folder>', 'folder of a run, e.g. reports/out/<run>')
  .action(async (folder: string) => {
    // Here only: the other commands do without the library for charts.
    const { renderReports } = await import('../../reports/render.ts');
    await renderReports(folder);
    process.stdout.write(`${join(folder, 'report.md')}\n${join(folder, 'report.html')}\n`);
  });
