import { Command } from 'commander';
import { Ledger } from '../../evidence/ledger.ts';
import { knownKeys } from '../../evidence/keys.ts';
import { ledgerFolder, ledgerOption } from '../ledger-folder.ts';

interface Given {
  ledger?: string;
}

const say = (line: string): unknown => process.stdout.write(`${line}\n`);

/** `firedrill keys`: the keys that sign the ledger and the folders of runs. */
export const keysCommand = new Command('keys')
  .description('the keys that sign the ledger and the folders of runs')
  .addCommand(
    new Command('init')
      .description('make the first key and begin the ledger with it; what is there already is never overwritten')
      .addOption(ledgerOption())
      .action(async ({ ledger }: Given) => {
        const { keyId } = await new Ledger(ledgerFolder(ledger), { say }).init();
        say(`key ${keyId}\nWrite its id down somewhere else: by it others know that a signature is yours.`);
      }),
  )
  .addCommand(
    new Command('rotate')
      .description('make another key, named by an entry of the old one; what the old one signed still verifies')
      .addOption(ledgerOption())
      .action(async ({ ledger }: Given) => {
        const { keyId, nextKeyId } = await new Ledger(ledgerFolder(ledger), { say }).rotate();
        say(`key ${keyId} has signed its last entry, its private key is removed\nkey ${nextKeyId} signs from now on`);
      }),
  )
  .addCommand(
    new Command('list')
      .description('list the public keys; the one that can sign has its private key here')
      .addOption(ledgerOption())
      .action(async ({ ledger }: Given) => {
        const keys = await knownKeys(new Ledger(ledgerFolder(ledger)).paths.keys);
        if (keys.length === 0) say('there are no keys yet; `firedrill keys init` or the first run makes one');
        for (const { keyId, canSign } of keys) say(`${keyId}  ${canSign ? 'can sign' : 'verifies only'}`);
      }),
  );
