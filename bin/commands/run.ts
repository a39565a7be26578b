import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { systemClock } from '../../domain/clock.ts';
import { DrillError } from '../../domain/drill-error.ts';
import { engineNames } from '../../domain/service.ts';
import { loadDrillRunbook } from '../../harness/drill-runbook.ts';
import { findDrill } from '../../harness/discover.ts';
import { optionsVariable, runOptionsSchema, type RunOptions } from '../../harness/options.ts';
import { projectFolder } from '../../harness/project.ts';
import { newRunId } from '../../harness/run-id.ts';
import { parseRecord } from '../../reports/parse-record.ts';
import { chooseEngine } from '../../stack/index.ts';
import { exitCodes } from '../exit-codes.ts';
import { readRecord } from '../read-record.ts';
import { runSuite } from '../run-suite.ts';
import { summaryOf } from '../summary.ts';
import { wholeNumber } from '../whole-number.ts';

/** `firedrill run <drill>`. */
export const runCommand = new Command('run')
  .description('run a drill')
  .argument('<drill>', 'name of the drill; `firedrill list` shows all')
  .addOption(new Option('--engine <engine>', 'where the stack runs').choices(engineNames))
  .option('--rows <number>', 'size of the system: what its rows count, `firedrill list` says what', wholeNumber)
  .option('--seed <number>', 'the same seed and rows give the same data', wholeNumber, 1)
  .option('--out <folder>', 'folder of the reports (default: reports/out/<run>)')
  .option('--sabotage <name>', 'play a negative control for real: the drill must end red')
  .option('--from <way>', 'way to recover, of a drill that knows several; `firedrill list` shows them')
  .option('--keep', 'leave services and folders for a look; `firedrill clean` removes them', false)
  .action(async (drill: string, given: Partial<RunOptions>) => {
    process.exitCode = await run(drill, given);
  });

async function run(name: string, given: Partial<RunOptions>): Promise<number> {
  const { definition, file } = await findDrill(name);
  const { runbook } = await loadDrillRunbook(definition);
  if (given.sabotage !== undefined && !definition.controls.some((control) => control.name === given.sabotage)) {
    throw new DrillError({
      code: 'usage',
      what: `the drill ${name} has no such sabotage`,
      expected: definition.controls.map((control) => control.name).join(', '),
      actual: `\`${given.sabotage}\``,
    });
  }
  const runId = newRunId(name, systemClock.now());
  const out = resolve(given.out ?? join(projectFolder, 'reports', 'out', runId));
  const engine = await chooseEngine(given.engine);
  const options = checkedOptions({ ...given, engine, runId, out });
  process.env[optionsVariable] = JSON.stringify(options);
  process.stdout.write(
    `firedrill: ${name} on ${engine}, runbook ${runbook.title} ${runbook.version}, run ${runId}\n\n`,
  );
  await runSuite({ file, out });
  const record = parseRecord(await readRecord(out), join(out, 'drill.json'));
  process.stdout.write(summaryOf(record, out));
  return exitCodes[record.verdict];
}

function checkedOptions(options: Partial<RunOptions>): RunOptions {
  const parsed = runOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new DrillError({
    code: 'usage',
    what: 'the options do not fit',
    actual: parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('; '),
  });
}
