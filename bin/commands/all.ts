import { Command, Option } from 'commander';
import { systemClock } from '../../domain/clock.ts';
import { engineNames } from '../../domain/service.ts';
import { mergeVerdicts } from '../../domain/verdict.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { checkBeforeDrills, type SharedOptions } from '../before-drills.ts';
import { exitCodes } from '../exit-codes.ts';
import { ledgerOption } from '../ledger-folder.ts';
import { newNightFolder } from '../night-folder.ts';
import { overviewOf } from '../overview.ts';
import { playDrills } from '../play-drills.ts';
import { wholeNumber, wholeNumberFrom } from '../whole-number.ts';

type Given = SharedOptions & { out?: string; atOnce: number };

/** `firedrill all`. */
export const allCommand = new Command('all')
  .description('run every drill and sum them up; the exit code is that of the worst')
  .addOption(new Option('--engine <engine>', 'where the stacks run').choices(engineNames))
  .option('--rows <number>', 'size of each system', wholeNumber)
  .option('--seed <number>', 'the same seed and rows give the same data', wholeNumber)
  .option('--at-once <number>', 'so many drills run side by side, which slows their recovery', wholeNumberFrom(1), 1)
  .option('--out <folder>', 'folder that holds a folder of reports for each drill (default: reports/out/all-<instant>)')
  .addOption(ledgerOption())
  .action(async (given: Given) => {
    process.exitCode = await runAll(given);
  });

async function runAll({ out, atOnce, ...options }: Given): Promise<number> {
  const startedMs = systemClock.monotonicMs();
  await checkBeforeDrills(options);
  const folder = await newNightFolder('all', out);
  const drills = (await discoverDrills()).map(({ definition }) => ({ name: definition.name, options: { ...options } }));
  const played = await playDrills(drills, folder, { atOnce });
  process.stdout.write(overviewOf(played, systemClock.monotonicMs() - startedMs, folder));
  const verdicts = played.map(({ record }) => record?.verdict ?? 'fail');
  return exitCodes[mergeVerdicts(verdicts)];
}
