import { join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { systemClock } from '../../domain/clock.ts';
import { DrillError, messageOf } from '../../domain/drill-error.ts';
import type { DrillRecord } from '../../domain/record.ts';
import { endings } from '../../domain/ending.ts';
import type { Runbook } from '../../domain/runbook.ts';
import { engineNames, type EngineName } from '../../domain/service.ts';
import { beginEvidence } from '../../evidence/run-evidence.ts';
import { chosenControl, chosenFault, chosenWay } from '../../harness/choices.ts';
import { closeRun, type RunToClose } from '../../harness/close-run.ts';
import type { DrillDefinition } from '../../harness/definition.ts';
import { loadDrillRunbook } from '../../harness/drill-runbook.ts';
import { findDrill } from '../../harness/discover.ts';
import { newLedgerRun } from '../../harness/ledger.ts';
import { checkedOptions, optionsVariable, type RunOptions } from '../../harness/options.ts';
import { linkNewest, reportsFolder } from '../../harness/reports-folder.ts';
import { newRunId } from '../../harness/run-id.ts';
import { chooseEngine } from '../../stack/index.ts';
import { chooseOwnEnvironment } from '../../stack/own-environment.ts';
import { endedBy, endInOrder, say as sayOnStderr } from '../ending.ts';
import { exitCodes } from '../exit-codes.ts';
import { ledgerFolder, ledgerOption } from '../ledger-folder.ts';
import { runJson } from '../run-json.ts';
import { shellWord } from '../shell-word.ts';
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
  .option(
    '--quick',
    'while you work on a drill: small data, a short smoke, the controls of what changed since the last green run; never evidence',
  )
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
  const numbered = {
    definition,
    file,
    runbook,
    engine,
    options,
    out,
    runId,
    json,
    say,
    isOwnFolder: given.out === undefined,
  };
  return endInOrder((ending) => runNumbered(numbered, ending));
}

interface Numbered {
  definition: DrillDefinition;
  file: string;
  runbook: Runbook;
  engine: EngineName;
  options: RunOptions;
  out: string;
  runId: string;
  json: boolean;
  /** Whether its folder is one of its own below reports/out. */
  isOwnFolder: boolean;
  say: (line: string) => unknown;
}

/** From its number on a run is closed in the ledger, with a record and a report, however it ends. */
async function runNumbered(
  { definition, file, runbook, engine, options, out, runId, json, say, isOwnFolder }: Numbered,
  ending: AbortSignal,
): Promise<number> {
  const startedAt = systemClock.now().toISOString();
  const names = { ...runbook, scenario: definition.scenario };
  const run = newLedgerRun({ runId, drill: definition.name, engine, startedAt }, names, out);
  const evidence = await beginEvidence(ledgerFolder(options.ledger), run, { say });
  if (isOwnFolder) await linkNewest(out, 'latest', say);
  const ownOptions = { ...options, out, runId, sequence: evidence.number };
  process.env[optionsVariable] = JSON.stringify(ownOptions satisfies RunOptions);
  say(
    `firedrill: ${definition.name} on ${engine}, runbook ${runbook.title} ${runbook.version}, run ${evidence.number} (${runId})\n${options.quick ? 'quick: no evidence\n' : ''}`,
  );
  let record: DrillRecord;
  try {
    // The test runner is loaded when the first line is on screen.
    const { runSuite } = await import('../run-suite.ts');
    await runSuite({ file, out, runId, ending, silent: json });
    record = await closedRecord({ definition, options: ownOptions, endedBy: endedInWords() });
  } catch (error) {
    // What came first is told, even where the ledger cannot be written any more.
    await evidence.fail(messageOf(error)).catch((other: unknown) => say(`firedrill: ${messageOf(other)}`));
    throw error;
  }
  if (!json) process.stdout.write(summaryOf(record, out, { commandMs: systemClock.monotonicMs() }));
  await evidence.close(record);
  const place = relative(process.cwd(), out);
  say(`ledger   run ${evidence.number}, sealed: npx firedrill verify ${shellWord(place)}`);
  if (json) process.stdout.write(`${runJson(record, out)}\n`);
  if (ending.aborted) sayOnStderr(`firedrill: ended by ${endedInWords()}: ${whatIsLeft(record)}, report in ${place}`);
  return exitCodes[record.verdict];
}

async function closedRecord(run: RunToClose): Promise<DrillRecord> {
  const record = await closeRun(run);
  if (record) return record;
  throw new DrillError({ code: 'internal', what: 'the run left no record', where: run.options.out });
}

function endedInWords(): string | undefined {
  const name = endedBy();
  return name && endings[name].told;
}

function whatIsLeft({ cleanUp }: DrillRecord): string {
  return cleanUp?.verdict === 'pass' ? 'nothing is left of the run' : 'what is left of the run is in its report';
}
