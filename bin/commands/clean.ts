import { Command } from 'commander';
import { messageOf } from '../../domain/drill-error.ts';
import { findOrphans, removeOrphan } from '../../stack/orphans.ts';
import { exitCodes } from '../exit-codes.ts';

/** `firedrill clean`: removes what runs whose owner is dead have left. */
export const cleanCommand = new Command('clean')
  .description('remove processes, containers and folders that earlier runs have left; running drills are not touched')
  .option('--dry-run', 'only say what would be removed', false)
  .action(async ({ dryRun }: { dryRun: boolean }) => {
    const orphans = await findOrphans();
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
  });
