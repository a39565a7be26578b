import { basename, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../../domain/clock.ts';
import { DrillError, messageOf } from '../../domain/drill-error.ts';
import type { RunFact, Shard } from '../../domain/nightly.ts';
import { engineNames } from '../../domain/service.ts';
import type { DrillDefinition } from '../../harness/definition.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { loadProgramme } from '../../harness/programme.ts';
import { reportsFolder } from '../../harness/reports-folder.ts';
import { planText } from '../../schedule/plan-text.ts';
import { planNightly, toRun, type PlanEntry } from '../../schedule/plan.ts';
import { factOf, readRecords, type ReadRecords } from '../../schedule/read-records.ts';
import { parseShard } from '../../schedule/shard.ts';
import { summarise } from '../../schedule/summarise.ts';
import { missingRow, rowOf } from '../../schedule/summary-row.ts';
import { checkBeforeDrills, type SharedOptions } from '../before-drills.ts';
import { ledgerOption } from '../ledger-folder.ts';
import { newNightFolder } from '../night-folder.ts';
import { overviewOf, type PlayedDrill } from '../overview.ts';
import { playDrills } from '../play-drills.ts';
import { tellNight, writeSummary } from '../tell-night.ts';
import { wholeNumber } from '../whole-number.ts';

interface Given extends SharedOptions {
  shard?: Shard;
  records: string;
  dueOnly: boolean;
  dryRun: boolean;
  sabotage?: string;
  out?: string;
}

/** `firedrill nightly`. */
export const nightlyCommand = new Command('nightly')
  .description('run the drills that are due by the cadence of their runbooks; the exit code is that of the worst')
  .option('--shard <index/count>', 'share of this machine, as 1/4; `firedrill merge` sums them up', shard)
  .option('--records <folder>', 'where the records of earlier runs are, at any depth', reportsFolder)
  .option('--due-only', 'run nothing on a night on which nothing is due, instead of renewing the oldest proof', false)
  .option('--dry-run', 'print what would be run and why, and run nothing', false)
  .addOption(new Option('--engine <engine>', 'where the stacks run').choices(engineNames))
  .option('--rows <number>', 'size of each system', wholeNumber)
  .option('--seed <number>', 'the same seed and rows give the same data', wholeNumber)
  .option('--sabotage <name>', 'play a negative control for real in the drills that know it: the night must end red')
  .option(
    '--out <folder>',
    'folder that holds a folder of reports for each drill (default: reports/out/nightly-<instant>)',
  )
  .addOption(ledgerOption())
  .action(async (given: Given) => {
    process.exitCode = await runNight(given);
  });

async function runNight({ shard, records, dueOnly, dryRun, sabotage, out, ...options }: Given): Promise<number> {
  const startedMs = systemClock.monotonicMs();
  const definitions = (await discoverDrills()).map(({ definition }) => definition);
  const known = await readRecords(resolve(records), ({ record }) => factOf(record));
  const plan = planNightly({
    drills: definitions,
    runbooks: await loadProgramme(),
    records: known.found,
    now: systemClock.now(),
    ...(shard && { shard }),
    dueOnly,
  });
  process.stdout.write(`${planText(plan)}${unreadableText(known)}\n`);
  const entries = toRun(plan);
  const knowing = sabotage === undefined ? [] : drillsWith(sabotage, plan.entries, definitions);
  if (dryRun) return 0;

  await checkBeforeDrills(options);
  const folder = await newNightFolder('nightly', out);
  const drills = entries.map(({ name }) => ({
    name,
    options: { ...options, ...(knowing.includes(name) && { sabotage }) },
  }));
  const source = basename(folder);
  const notYet = entries.map(({ name }) => missingRow(name, source, 'the night broke off before its end'));
  await writeSummary(summarise({ plan, rows: notYet, runs: known.found, unreadable: known.unreadable }), folder);
  const played = await playDrills(drills, folder);
  process.stdout.write(overviewOf(played, systemClock.monotonicMs() - startedMs, folder));
  const rows = played.map(({ drill, record, missing }) =>
    record ? rowOf(record, source) : missingRow(drill, source, missing ?? 'left no record'),
  );
  const runs = [...known.found, ...factsOf(played)];
  return await tellNight(summarise({ plan, rows, runs, unreadable: known.unreadable }), folder);
}

function factsOf(played: readonly PlayedDrill[]): RunFact[] {
  return played.flatMap(({ record }) => (record ? [factOf(record)] : []));
}

function unreadableText({ unreadable }: ReadRecords<RunFact>): string {
  return unreadable.map((line) => `not read: ${line}\n`).join('');
}

/** Those of tonight's drills, on whatever machine, that can be sabotaged so; a `DrillError` (`usage`) when none can. */
function drillsWith(
  sabotage: string,
  entries: readonly PlanEntry[],
  definitions: readonly DrillDefinition[],
): string[] {
  const tonight = definitions.filter(({ name }) =>
    entries.some((entry) => entry.name === name && entry.reasons.length > 0),
  );
  const knowing = tonight.filter(({ controls }) => controls.some(({ name }) => name === sabotage));
  if (knowing.length > 0) return knowing.map(({ name }) => name);
  const names = tonight.flatMap(({ controls }) => controls.map(({ name }) => name));
  throw new DrillError({
    code: 'usage',
    what: 'no drill of this night has such a sabotage',
    expected: [...new Set(names)].join(', ') || 'a night on which a drill is due',
    actual: `\`${sabotage}\``,
  });
}

function shard(text: string): Shard {
  try {
    return parseShard(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}
