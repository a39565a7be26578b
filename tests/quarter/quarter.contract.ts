import { readFile, rm, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHandLedgerChecks } from '../../domain/evidence.ts';
import type { QuarterlyReport } from '../../quarterly/report.ts';
import { findChromium, takeScreenshot } from '../../reports/screenshot.ts';
import { firedrill } from '../firedrill.ts';
import { calendar, told } from './calendar.ts';
import { playRuns } from './play.ts';
import { owner, readReport, reportIn, reportQuarter } from './report.ts';
import { ledgerIn, runIn, simulateQuarter } from './simulate.ts';

let folder: string;
let report: QuarterlyReport;
let said: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-quarter-test-'));
  await simulateQuarter(folder, await playRuns(join(folder, 'real')), { pages: false });
  ({ all: said } = await reportQuarter(folder, (args) => firedrill(args)));
  report = await readReport(folder);
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const verify = (what: string) => firedrill(['verify', what, '--ledger', ledgerIn(folder)]);

describe('the report on a quarter of real records', () => {
  test('has every run of it by its number, those that failed, died or were broken off too', () => {
    expect(report.runs.map(({ number }) => number)).toEqual(calendar.map((_, index) => index + 1).slice(1));
    expect(report.runs.length).toBeGreaterThanOrEqual(30);
    const outcome = (number: number) => report.runs.find((run) => run.number === number)?.outcome;
    expect({
      sabotaged: outcome(told.sabotaged),
      failed: outcome(told.failed),
      interrupted: outcome(told.interrupted),
      died: outcome(told.died),
      flaky: [outcome(told.flakyRed), outcome(told.flakyGreen)],
    }).toEqual({
      sabotaged: 'sabotaged',
      failed: 'failed',
      interrupted: 'interrupted',
      died: 'aborted',
      flaky: ['failed', 'green'],
    });
    expect(report.ledger).toMatchObject({ verifies: true, missingRecords: [], headAtStart: { runs: told.before } });
    expect(report.ledger.keys).toHaveLength(2);
  });

  test('judges it by what nobody has mended', () => {
    expect(report.verdict).toBe('fail');
    expect(said).toContain(`Recovery failed in run ${told.lastFailed}, and no later run`);
    const { id } = report.findings.find(({ openedBy }) => openedBy === told.lastFailed)!;
    expect(said).toContain(`Overdue: ${id} (integrity.rows, due ${owner.due}, ${owner.name})`);
  });

  test('has a finding that a green retest has closed, and one that is overdue', () => {
    const of = (run: number) => report.findings.filter(({ openedBy }) => openedBy === run);
    expect(of(told.failed)).toMatchObject([
      { check: 'integrity.rows', state: 'closed', retest: told.retest },
      { check: 'integrity.content', state: 'closed', retest: told.retest },
      { check: 'integrity.sample', state: 'closed', retest: told.retest },
    ]);
    expect(of(told.lastFailed)).toMatchObject([
      { check: 'integrity.rows', state: 'overdue', owner: owner.name, due: owner.due },
      { check: 'integrity.content', state: 'overdue' },
      { check: 'integrity.sample', state: 'overdue' },
    ]);
    // An interrupted run, one that died and one that was sabotaged open none.
    expect(new Set(report.findings.map(({ openedBy }) => openedBy))).toEqual(
      new Set([told.failed, told.flakyRed, told.lastFailed]),
    );
  });

  test('tells the pair of red and green between which nothing had changed', () => {
    expect(report.flaky).toMatchObject([{ drill: 'db-loss', red: told.flakyRed, green: told.flakyGreen }]);
  });

  test('explains each gap in the programme, and names the change of the runbook', () => {
    const gapOf = (drill: string) => report.plan.lines.find((line) => line.drill === drill)?.gaps[0]?.why;
    expect(gapOf('full-loss')).toMatch(new RegExp(`^run ${told.died} was aborted \\(process \\d+ on .* ended without`));
    expect(gapOf('search-loss')).toContain('no run was begun');
    expect(gapOf('db-loss')).toBeUndefined();
    expect(report.changes).toMatchObject([
      { what: 'runbook', versions: { before: '0.9', after: '1.0' }, run: told.withNewRunbook },
    ]);
  });

  test('has what was measured: controls caught, masking, trends of three months', () => {
    expect(report.controls.planned).toBeGreaterThan(100);
    expect(report.controls.caught).toBe(report.controls.planned);
    expect(report.masking.lines.every(({ verdict }) => verdict === 'pass')).toBe(true);
    expect(report.rto).toMatchObject([{ drill: 'db-loss', months: [{}, {}, {}], missedLast: false }]);
  });
});

const words = [
  `Recovery failed in run ${told.lastFailed}`,
  'overdue',
  `due ${owner.due}`,
  owner.name,
  `run ${told.flakyRed} red, run ${told.flakyGreen} green`,
  'played with the sabotage row-missing on purpose',
  'the run was interrupted, in the phase fault',
  `run ${told.died} was aborted`,
  'no run was begun',
  'version 0.9 to 1.0',
  `green: run ${told.retest}`,
];

describe('in every format it', () => {
  test.for(words)('names: %s', async (name) => {
    const markdown = await readFile(join(reportIn(folder), 'quarterly.md'), 'utf8');
    expect(markdown.replaceAll('\\', '')).toContain(name);
    const html = await readFile(join(reportIn(folder), 'quarterly.html'), 'utf8');
    expect(html.replaceAll('<wbr>', '').replaceAll(/<[^>]*>/g, '')).toContain(name);
  });

  test('can be printed, and shown at two widths without a word of complaint', async () => {
    if (findChromium() === undefined) {
      expect(said).toContain('there is no Chromium');
      return;
    }
    expect((await stat(join(reportIn(folder), 'quarterly.pdf'))).size).toBeGreaterThan(50_000);
    for (const widthPx of [1280, 400]) {
      const shown = { report: join(reportIn(folder), 'quarterly.html'), out: join(folder, 'page.png'), widthPx };
      expect(await takeScreenshot(shown)).toEqual({ requests: [], messages: [], overflowPx: 0 });
    }
  });
});

describe('the evidence under it', () => {
  test('verifies: the ledger, and the folder of a run signed by each of its keys', async () => {
    for (const what of [ledgerIn(folder), runIn(folder, 2), runIn(folder, told.lastFailed), runIn(folder, told.died)]) {
      const { exitCode, all } = await verify(what);
      expect(exitCode, all).toBe(0);
    }
  });

  test('verifies by hand, with the commands that the report prints', async () => {
    const html = await readFile(join(reportIn(folder), 'quarterly.html'), 'utf8');
    const [check] = byHandLedgerChecks();
    expect(
      html
        .replaceAll('&#39;', "'")
        .replaceAll('&quot;', '"')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&'),
    ).toContain(check!.command);
    const { stdout } = await execa('bash', ['-c', check!.command], { cwd: ledgerIn(folder) });
    expect(stdout).toContain(`head ${report.ledger.head?.sha256}`);
  });

  test.for([
    ['the record of a failed run', told.failed, 'drill.json'],
    ['the report of a green one', told.retest, 'report.md'],
    ['the timeline of one that died', told.died, 'timeline.jsonl'],
  ] as const)('one byte of %s changed is found and named', async ([, number, name]) => {
    const file = join(runIn(folder, number), name);
    const bytes = await readFile(file);
    const changed = Buffer.from(bytes);
    const middle = Math.floor(changed.length / 2);
    changed[middle] = changed[middle]! ^ 1;
    await writeFile(file, changed);
    const { exitCode, stdout } = await verify(runIn(folder, number));
    await writeFile(file, bytes);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${file}: it was changed`);
    expect((await verify(runIn(folder, number))).exitCode).toBe(0);
  });

  test('one byte of the ledger changed is found, and its line is named in the report', async () => {
    const file = join(ledgerIn(folder), 'ledger.jsonl');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"verdict":"fail"', '"verdict":"pass"'));
    const { exitCode, stdout } = await verify(ledgerIn(folder));
    await writeFile(file, text);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/ledger\.jsonl, line \d+: it is not as it was written: its signature is wrong/);
  });
});
