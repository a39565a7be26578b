import { resolve } from 'node:path';
import { Option } from 'commander';
import { ledgerFolderOf, ledgerVariable } from '../harness/ledger.ts';

/** `--ledger`, as every command that needs the ledger has it. */
export function ledgerOption(): Option {
  const words = 'folder of the ledger and its keys (default: .firedrill in the project)';
  return new Option('--ledger <folder>', words).env(ledgerVariable);
}

/** The folder that is meant. */
export function ledgerFolder(ledger: string | undefined): string {
  return resolve(ledgerFolderOf(ledger === undefined ? {} : { ledger }));
}
