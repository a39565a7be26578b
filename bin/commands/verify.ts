import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { byHandChecks, byHandLedgerChecks, type ByHandCheck } from '../../domain/evidence.ts';
import { ledgerPaths } from '../../evidence/ledger-paths.ts';
import type { Verification } from '../../evidence/problem.ts';
import { keyIdOf, readPublicKey } from '../../evidence/signer.ts';
import { verifyLedgerAndFolders } from '../../evidence/verify-folders.ts';
import { verifyRun } from '../../evidence/verify-run.ts';
import { exitCodes } from '../exit-codes.ts';
import { ledgerFolder, ledgerOption } from '../ledger-folder.ts';

interface Given {
  ledger?: string;
  head?: string;
  key?: string;
  byHand: boolean;
}

/** `firedrill verify [what]`: nothing is asked of any server. */
export const verifyCommand = new Command('verify')
  .description('verify the folder of a run, or the ledger: manifest, hashes, signatures, chain; exit code 1 and where')
  .argument('[what]', 'folder of a run, folder or file of a ledger, or the word `ledger`', 'ledger')
  .addOption(ledgerOption())
  .option('--head <sha256>', 'the ledger must hold this entry: a head that was kept somewhere else', digest)
  .option(
    '--key <file>',
    'public key in PEM that the ledger must begin with; without it those in its folder are trusted',
  )
  .option('--by-hand', 'print the commands that check the same with openssl and sha256sum, and check nothing', false)
  .action(async (what: string, given: Given) => {
    const target = targetOf(what, given);
    if (given.byHand) print(target.byHand());
    else process.exitCode = tell(await target.verify());
  });

interface Target {
  verify: () => Promise<Verification>;
  byHand: () => { folder: string; checks: ByHandCheck[] };
}

function targetOf(what: string, { ledger, head, key }: Given): Target {
  const path = resolve(what);
  const options = async (): Promise<{ head?: string; trustedKeyIds?: string[] }> => ({
    ...(head !== undefined && { head }),
    ...(key !== undefined && { trustedKeyIds: [keyIdOf(readPublicKey(await readFile(key, 'utf8'), key))] }),
  });
  const folder = ledgerFolderOf(what, path, ledger);
  if (folder !== undefined) {
    const paths = ledgerPaths(folder);
    return {
      verify: async () => verifyLedgerAndFolders(paths, await options()),
      byHand: () => ({ folder, checks: byHandLedgerChecks() }),
    };
  }
  return {
    verify: async () => verifyRun(path, { ledgerFolder: ledgerFolder(ledger), ...(await options()) }),
    byHand: () => ({ folder: path, checks: byHandChecks() }),
  };
}

/** Folder of the ledger that is meant; `undefined` when it is the folder of a run. */
function ledgerFolderOf(what: string, path: string, ledger: string | undefined): string | undefined {
  if (what === 'ledger' && !existsSync(path)) return ledgerFolder(ledger);
  if (basename(path) === 'ledger.jsonl') return dirname(path);
  return existsSync(join(path, 'ledger.jsonl')) ? path : undefined;
}

function tell({ problems, checked, notChecked }: Verification): number {
  const lines = [
    ...checked.map((text) => `checked      ${text}`),
    ...notChecked.map((text) => `not checked  ${text}`),
    ...problems.map(({ where, what }) => `wrong        ${where}: ${what}`),
    problems.length === 0 ? 'everything that was checked is as it was signed' : `${problems.length} found`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return problems.length === 0 ? exitCodes.pass : exitCodes.fail;
}

function print({ folder, checks }: { folder: string; checks: readonly ByHandCheck[] }): void {
  const lines = checks.flatMap(({ title, command }) => ['', `# ${title}`, command]);
  process.stdout.write(`cd ${JSON.stringify(folder)}\n${lines.join('\n')}\n`);
}

function digest(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('expected 64 hex digits.');
}
