import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { projectFolder } from '../harness/project.ts';

/** `--ledger`, as every command that needs the ledger has it. */
export function ledgerOption(): Option {
  return new Option('--ledger <folder>', 'folder of the ledger and its keys (default: .firedrill in the project)');
}

/** The folder that is meant. */
export function ledgerFolder(given: string | undefined): string {
  return given === undefined ? join(projectFolder, '.firedrill') : resolve(given);
}
