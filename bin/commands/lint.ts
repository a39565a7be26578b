import { relative } from 'node:path';
import { glob } from 'node:fs/promises';
import { Command } from 'commander';
import { messageOf } from '../../domain/drill-error.ts';
import { vocabulary } from '../../harness/drill-runbook.ts';
import { projectFolder } from '../../harness/project.ts';
import { loadRunbook } from '../../runbooks/load.ts';
import { exitCodes } from '../exit-codes.ts';

/** `firedrill lint [file]`: validates a runbook, or all of the project. */
export const lintCommand = new Command('lint')
  .description('validate a runbook, or all of the project; every mistake is told with its line')
  .argument('[file]', 'runbook to validate')
  .action(async (file?: string) => {
    for (const one of file === undefined ? await allRunbooks() : [file]) {
      try {
        const { title, scenarios } = await loadRunbook(one, vocabulary);
        process.stdout.write(`${one}: ok (${title}, ${Object.keys(scenarios).length} scenarios)\n`);
      } catch (error) {
        process.stderr.write(`${messageOf(error)}\n`);
        process.exitCode = exitCodes.usage;
      }
    }
  });

async function allRunbooks(): Promise<string[]> {
  const found = await Array.fromAsync(glob('runbooks/*/runbook.yaml', { cwd: projectFolder }));
  return found.toSorted().map((file) => relative(process.cwd(), `${projectFolder}${file}`));
}
