import { glob } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Command } from 'commander';
import { messageOf } from '../../domain/drill-error.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { loadDrillRunbook } from '../../harness/drill-runbook.ts';
import { projectFolder } from '../../harness/project.ts';
import { vocabulary } from '../../harness/vocabulary.ts';
import { loadRunbook } from '../../runbooks/load.ts';
import { exitCodes } from '../exit-codes.ts';

/** `firedrill lint [file]`: validates a runbook, or all of the project with the drills that rehearse them. */
export const lintCommand = new Command('lint')
  .description('validate a runbook, or all runbooks and drills of the project; every mistake is told with its line')
  .argument('[file]', 'runbook to validate')
  .action(async (file?: string) => {
    const refused = new Set<string>();
    for (const one of file === undefined ? await allRunbooks() : [file]) {
      await told(refused, async () => {
        const { title, scenarios } = await loadRunbook(one, vocabulary);
        const count = Object.keys(scenarios).length;
        return `${one}: ok (${title}, ${count} ${count === 1 ? 'scenario' : 'scenarios'})`;
      });
    }
    if (file !== undefined) return;
    for (const { definition, file: drillFile } of await discoverDrills()) {
      await told(refused, async () => {
        const { scenario } = await loadDrillRunbook(definition);
        return `${drillFile}: ok (${scenario.title})`;
      });
    }
  });

/** Prints what became of one check, a mistake that several of them meet only once. */
async function told(refused: Set<string>, check: () => Promise<string>): Promise<void> {
  try {
    process.stdout.write(`${await check()}\n`);
  } catch (error) {
    process.exitCode = exitCodes.usage;
    const message = messageOf(error).replaceAll(projectFolder, '');
    if (!refused.has(message)) process.stderr.write(`${message}\n`);
    refused.add(message);
  }
}

async function allRunbooks(): Promise<string[]> {
  const found = await Array.fromAsync(glob('runbooks/*/runbook.yaml', { cwd: projectFolder }));
  return found.toSorted().map((file) => relative(process.cwd(), join(projectFolder, file)));
}
