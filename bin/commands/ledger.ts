import { Command } from 'commander';
import { Ledger } from '../../evidence/ledger.ts';
import { ledgerFolder, ledgerOption } from '../ledger-folder.ts';
import { ledgerMirrorCommand } from './ledger-mirror.ts';

/** `firedrill ledger`: what others need of the ledger. */
export const ledgerCommand = new Command('ledger')
  .description('the numbered list of all runs')
  .addCommand(ledgerMirrorCommand)
  .addCommand(
    new Command('head')
      .description('print the sha256 of the last entry; kept somewhere else, it shows later that nothing was removed')
      .addOption(ledgerOption())
      .option('--json', 'with the number of entries and of runs', false)
      .action(async ({ ledger, json }: { ledger?: string; json: boolean }) => {
        const say = (line: string): unknown => process.stderr.write(`${line}\n`);
        const head = await new Ledger(ledgerFolder(ledger), { say }).head();
        process.stdout.write(`${json ? JSON.stringify(head) : head.sha256}\n`);
      }),
  );
