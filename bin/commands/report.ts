import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { DrillError } from '../../domain/drill-error.ts';
import { breakingSeal } from '../../evidence/sealed-files.ts';
import { requireWritable } from '../../evidence/usable-folder.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { replaceFile } from '../../files/replace-file.ts';

/** `firedrill report <folder>`: renders the reports again, from the record alone. */
export const reportCommand = new Command('report')
  .description('render report.md and report.html again from the drill.json of a run')
  .argument('<folder>', 'folder of a run, e.g. reports/out/<run>')
  .option('--out <folder>', 'folder for them (default: that of the run, whose seal must stay whole)')
  .action(async (folder: string, { out = folder }: { out?: string }) => {
    // Here only: the other commands do without the library for charts.
    const { renderedReports } = await import('../../reports/render.ts');
    const { files } = await renderedReports(folder);
    await requireWritable(out, out === folder ? 'the folder' : '--out');
    const changed = await breakingSeal(out, files);
    if (changed.length > 0) throw sealed(out, changed);
    await makeFolder(out);
    for (const { name, text } of files) {
      await replaceFile(join(out, name), text);
      process.stdout.write(`${join(out, name)}\n`);
    }
  });

function sealed(out: string, changed: readonly string[]): DrillError {
  return new DrillError({
    code: 'usage',
    what: 'the folder is sealed',
    expected: 'reports that this version renders as the run did',
    actual: `${changed.join(' and ')} would be changed, and \`firedrill verify\` would find that`,
    where: resolve(out),
    hint: 'Render into another folder with --out.',
  });
}
