import { join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { systemClock } from '../../domain/clock.ts';
import { DrillError, messageOf } from '../../domain/drill-error.ts';
import type { DrillRecord } from '../../domain/record.ts';
import { engineNames } from '../../domain/service.ts';
import { beginEvidence } from '../../evidence/run-evidence.ts';
import { chosenControl, chosenFault, chosenWay } from '../../harness/choices.ts';
import { loadDrillRunbook } from '../../harness/drill-runbook.ts';
import { findDrill } from '../../harness/discover.ts';
import { newLedgerRun } from '../../harness/ledger.ts';
import { checkedOptions, optionsVariable, type RunOptions } from '../../harness/options.ts';
import { linkNewest, reportsFolder } from '../../harness/reports-folder.ts';
import { newRunId } from '../../harness/run-id.ts';
import { parseRecord } from '../../reports/parse-record.ts';
import { chooseEngine } from '../../stack/index.ts';
import { chooseOwnEnvironment } from '../../stack/own-environment.ts';
import { exitCodes } from '../exit-codes.ts';
import { ledgerFolder, ledgerOption } from '../ledger-folder.ts';
import { readRecord } from '../read-record.ts';
import { runJson } from '../run-json.ts';
import { runSuite } from '../run-suite.ts';
import { summaryOf } from '../summary.ts';
import { screenOf } from '../terminal.ts';
import { wholeNumber } from '../whole-number.ts';

/** `firedrill run <drill>`. */
export const runCommand = new Command('run')
  .description('run a drill')
  .argument('<drill>', 'name of the drill; `firedrill list` shows all')
  .addOption(new Option('--engine <engine>', 'where the stack runs').choices(engineNames))
  .option('--rows <number>', 'size of the system: what its rows count, `firedrill list` says what', wholeNumber)
  .option('--seed <number>', 'the same seed and rows give the same data', wholeNumber, 1)
  .option(
    '--out <folder>',
    'folder of the reports, new or empty (default: reports/out/<run>, to which reports/out/latest then leads)',
  )
  .option('--sabotage <name>', 'play a negative control for real: the drill must end red')
  .option('--from <way>', 'way to recover, of a drill that knows several; `firedrill list` shows them')
  .option('--fault <name>', 'what is broken, of a drill that knows several; `firedrill list` shows them')
  .addOption(ledgerOption())
  .option('--keep', 'leave services and folders for a look; `firedrill clean` removes them', false)
  .option('--quiet', 'print what is red and the end of the run only', false)
  .option(
    '--json',
    'print nothing but one line of JSON at the end: verdict, RTO, RPO, what is red, where the report is',
    false,
  )
  .action(async (drill: string, given: Given) => {
    process.exitCode = await run(drill, given);
  });

interface Given extends Partial<RunOptions> {
  quiet: boolean;
  json: boolean;
}

async function run(name: string, { quiet, json, ...given }: Given): Promise<number> {
  chooseOwnEnvironment();
  const say = (line: string): unknown => !quiet && !json && process.stdout.write(`${line}\n`);
  const { definition, file } = await findDrill(name);
  const { runbook } = await loadDrillRunbook(definition);
  // Before the run takes a number: what cannot be run is wrong usage, not a run that failed.
  chosenControl(definition, given.sabotage);
  chosenWay(definition, given.from);
  chosenFault(definition, given.fault);
  const runId = newRunId(name, systemClock.now());
  const out = resolve(given.out ?? join(reportsFolder, runId));
  const engine = await chooseEngine(given.engine);
  const options = checkedOptions({ ...given, engine, runId, out, screen: screenOf({ quiet: quiet || json }) });
  const startedAt = systemClock.now().toISOString();
  const names = { ...runbook, scenario: definition.scenario };
  const run = newLedgerRun({ runId, drill: name, engine, startedAt }, names, out);
  const evidence = await beginEvidence(ledgerFolder(given.ledger), run, { say });
  if (given.out === undefined) await linkNewest(out, 'latest', say);
  process.env[optionsVariable] = JSON.stringify({ ...options, sequence: evidence.number } satisfies RunOptions);
  say(
    `firedrill: ${name} on ${engine}, runbook ${runbook.title} ${runbook.version}, run ${evidence.number} (${runId})\n`,
  );
  let record: DrillRecord;
  try {
    await runSuite({ file, out, silent: json });
    record = await recordOf(runId, out);
  } catch (error) {
    // What came first is told, even where the ledger cannot be written any more.
    await evidence.fail(messageOf(error)).catch((other: unknown) => say(`firedrill: ${messageOf(other)}`));
    throw error;
  }
  if (!json) process.stdout.write(summaryOf(record, out, { commandMs: systemClock.monotonicMs() }));
  await evidence.close(record);
  say(`ledger   run ${evidence.number}, sealed: npx firedrill verify ${relative(process.cwd(), out)}`);
  if (json) process.stdout.write(`${runJson(record, out)}\n`);
  return exitCodes[record.verdict];
}

/** The record that the run has left; one of an earlier run in the same folder is not taken for it. */
async function recordOf(runId: string, out: string): Promise<DrillRecord> {
  const file = join(out, 'drill.json');
  const record = parseRecord(await readRecord(out), file);
  if (record.runId === runId) return record;
  throw new DrillError({
    code: 'internal',
    what: 'the run left no record',
    expected: `the record of ${runId}`,
    actual: `that of ${record.runId}`,
    where: file,
  });
}
