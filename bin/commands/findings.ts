import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../../domain/clock.ts';
import { DrillError } from '../../domain/drill-error.ts';
import { ledgerPaths } from '../../evidence/ledger-paths.ts';
import { readPeriod } from '../../evidence/ledger-period.ts';
import { assignFinding, closeFinding, type Assignment } from '../../quarterly/edit-findings.ts';
import { stateOf } from '../../quarterly/finding-states.ts';
import { readFindings, writeFindings, type FindingRegister, type RegisteredFinding } from '../../quarterly/findings.ts';
import { isoDay } from '../../quarterly/period.ts';
import { readRecordFacts } from '../../quarterly/read-record.ts';
import type { ReportedFinding } from '../../quarterly/report.ts';
import { ledgerFolder, ledgerOption } from '../ledger-folder.ts';
import { wholeNumber } from '../whole-number.ts';

interface Place {
  ledger?: string;
  findings?: string;
}

const say = (line: string): unknown => process.stdout.write(`${line}\n`);

/** `firedrill findings`: the register of what failed drills have left to do. It is opened by `firedrill quarterly`. */
export const findingsCommand = new Command('findings')
  .description('the register of findings: list it, assign one, close one by its green retest')
  .addCommand(
    subcommand('list', 'list the findings, the overdue ones first')
      .addOption(new Option('--state <state>', 'only these').choices(['open', 'overdue', 'closed']))
      .option('--json', 'as JSON', false)
      .action(list),
    { isDefault: true },
  )
  .addCommand(
    assignment('assign', 'say who sees to a finding, and by when').action(async (id: string, given: Given) =>
      assign(id, given, {}),
    ),
  )
  .addCommand(
    assignment('accept', 'the same, and that its owner has taken it on today').action(
      async (id: string, given: Given) => assign(id, given, { accepted: isoDay(systemClock.now()) }),
    ),
  )
  .addCommand(
    subcommand('retest', 'close a finding by a later green run of the same drill; any other run is refused')
      .argument('<id>', 'e.g. F-0001')
      .argument('<run>', 'number of the run in the ledger', wholeNumber)
      .action(retest),
  );

type Given = Place & Omit<Assignment, 'accepted'>;

function subcommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(ledgerOption())
    .option('--findings <file>', 'register of findings (default: findings.yaml in the folder of the ledger)');
}

function assignment(name: string, description: string): Command {
  return subcommand(name, description)
    .argument('<id>', 'e.g. F-0001')
    .option('--owner <who>', 'who sees to it')
    .option('--due <day>', 'day by which it is closed, e.g. 2026-03-01', day)
    .option('--note <text>', 'what is done about it');
}

async function list({ json, state, ...place }: Place & { json: boolean; state?: string }): Promise<void> {
  const { findings } = await readFindings(fileOf(place));
  const order: ReportedFinding['state'][] = ['overdue', 'open', 'closed'];
  const shown = findings
    .map((finding) => ({ finding, now: stateOf(finding, systemClock.now()) }))
    .filter(({ now }) => state === undefined || now === state)
    .toSorted((one, other) => order.indexOf(one.now) - order.indexOf(other.now));
  if (json) {
    say(
      JSON.stringify(
        shown.map(({ finding, now }) => ({ ...finding, state: now })),
        undefined,
        2,
      ),
    );
  } else if (shown.length === 0) say(`no ${state ?? ''} finding in ${fileOf(place)}`.replace('  ', ' '));
  else for (const { finding } of shown) tell(finding);
}

function tell(finding: RegisteredFinding): void {
  const { id, due, owner, accepted, drill, check, what, opened, retest, note } = finding;
  const taken = accepted === undefined ? '' : `, taken on ${accepted}`;
  const ended = retest ? `closed by run ${retest.run} of ${retest.at.slice(0, 10)}` : `due ${due}`;
  const lines = [
    `${id}  ${stateOf(finding, systemClock.now()).padEnd(7)}  ${drill}: ${check}`,
    `        ${ended}, ${owner}${taken}; opened by run ${opened.run} of ${opened.at.slice(0, 10)}`,
    `        ${what}`,
    ...(note === undefined ? [] : [`        ${note}`]),
  ];
  for (const line of lines) say(line);
}

async function assign(id: string, { owner, due, note, ...place }: Given, more: Assignment): Promise<void> {
  const given = {
    ...(owner !== undefined && { owner }),
    ...(due !== undefined && { due }),
    ...(note !== undefined && { note }),
    ...more,
  };
  if (Object.keys(given).length === 0) {
    throw new DrillError({ code: 'usage', what: 'nothing is assigned', expected: '--owner, --due or --note' });
  }
  await change(place, id, (register) => assignFinding(register, id, given));
}

async function retest(id: string, number: number, place: Place): Promise<void> {
  const folder = ledgerFolder(place.ledger);
  const { runs, verification } = await readPeriod(ledgerPaths(folder), { from: new Date(0), to: systemClock.now() });
  const [problem] = verification.problems;
  if (problem) {
    throw new DrillError({
      code: 'usage',
      what: `${id} is left as it is`,
      expected: 'a ledger that verifies',
      actual: problem.what,
      where: problem.where,
    });
  }
  const run = runs.find((one) => one.run.number === number);
  const facts = run?.end && (await readRecordFacts(resolve(folder, run.run.folder), run.run, run.end));
  await change(place, id, (register) => closeFinding(register, id, { number, run, facts }));
}

async function change(place: Place, id: string, edit: (register: FindingRegister) => FindingRegister): Promise<void> {
  const file = fileOf(place);
  const register = edit(await readFindings(file));
  await writeFindings(file, register);
  const finding = register.findings.find((one) => one.id === id);
  if (finding) tell(finding);
}

function fileOf({ findings, ledger }: Place): string {
  return resolve(findings ?? join(ledgerFolder(ledger), 'findings.yaml'));
}

function day(text: string): string {
  const time = Date.parse(text);
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && isoDay(new Date(time)) === text) return text;
  throw new InvalidArgumentError('expected a day like 2026-03-01.');
}
