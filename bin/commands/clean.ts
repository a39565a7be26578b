import { Command } from 'commander';
import { messageOf } from '../../domain/drill-error.ts';
import { Ledger } from '../../evidence/ledger.ts';
import { closeDeadRuns } from '../../evidence/run-evidence.ts';
import { findOrphans, removeOrphan } from '../../stack/orphans.ts';
import { exitCodes } from '../exit-codes.ts';
import { ledgerFolder, ledgerOption } from '../ledger-folder.ts';

/** `firedrill clean`: removes what runs whose owner is dead have left. */
export const cleanCommand = new Command('clean')
  .description(
    'remove processes, containers and folders that earlier runs have left, and close these runs in the ledger; running drills are not touched',
  )
  .argument('[run]', 'id of the one run whose remains are removed; without it, those of all')
  .option('--dry-run', 'only say what would be removed', false)
  .addOption(ledgerOption())
  .action(async (run: string | undefined, { dryRun, ledger }: { dryRun: boolean; ledger?: string }) => {
    const orphans = (await findOrphans()).filter(({ runId }) => run === undefined || runId === run);
    if (orphans.length === 0) process.stdout.write('nothing is left of earlier runs\n');
    for (const orphan of orphans) {
      for (const { kind, name } of orphan.left) process.stdout.write(`${orphan.runId}: ${kind} ${name}\n`);
      if (dryRun) continue;
      try {
        const left = await removeOrphan(orphan);
        for (const { kind, name } of left) process.stderr.write(`${orphan.runId}: still there: ${kind} ${name}\n`);
        if (left.length > 0) process.exitCode = exitCodes.fail;
        else process.stdout.write(`${orphan.runId}: removed\n`);
      } catch (error) {
        process.stderr.write(`${orphan.runId}: ${messageOf(error)}\n`);
        process.exitCode = exitCodes.fail;
      }
    }
    try {
      await closeRuns(ledgerFolder(ledger), dryRun);
    } catch (error) {
      process.stderr.write(`${messageOf(error)}\n`);
      process.exitCode = exitCodes.fail;
    }
  });

/** The runs of the ledger that have died are closed there, with what they have left; what cannot be sealed is said. */
async function closeRuns(folder: string, dryRun: boolean): Promise<void> {
  const say = (line: string): unknown => process.stdout.write(`${line}\n`);
  if (!dryRun) return closeDeadRuns(folder, say);
  for (const { number, runId } of await new Ledger(folder, { say }).dead()) {
    say(`ledger: run ${number} (${runId}) has died and is not closed`);
  }
}
