import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { systemClock } from '../../domain/clock.ts';
import { requireWritable } from '../../evidence/usable-folder.ts';
import { writeFindings } from '../../quarterly/findings.ts';
import { gatherQuarter } from '../../quarterly/gather.ts';
import type { PlannedDrill } from '../../quarterly/inputs.ts';
import { periodOf } from '../../quarterly/period.ts';
import { quarterOf } from '../../quarterly/quarter-of.ts';
import { exitCodes } from '../exit-codes.ts';
import { reportLinks } from '../../evidence/report-links.ts';
import { ledgerFolder, ledgerOption } from '../ledger-folder.ts';
import { ask } from '../own-process.ts';
import { version } from '../version.ts';
import { wholeNumber } from '../whole-number.ts';

interface Given {
  from?: string;
  to?: string;
  ledger?: string;
  findings?: string;
  out: string;
  retainYears: number;
}

/** `firedrill quarterly`: from the ledger and the records alone; nothing is started, no run is changed. */
export const quarterlyCommand = new Command('quarterly')
  .description('write the report on all runs of a quarter, and bring the register of findings up to date')
  .option('--from <day>', 'first day, e.g. 2026-01-01 (default: that of the last whole quarter), UTC')
  .option('--to <day>', 'last day, included')
  .addOption(ledgerOption())
  .option('--findings <file>', 'register of findings (default: findings.yaml in the folder of the ledger)')
  .requiredOption('--out <folder>', 'folder for quarterly.json, .md, .html and, with a Chromium, .pdf')
  .option('--retain-years <number>', 'how long the report says that it is kept', wholeNumber, 7)
  .addHelpText(
    'after',
    '\nExit codes: 0 written, whatever it says; 1 written, and the ledger does not verify; 3 wrong usage.',
  )
  .action(async (given: Given) => {
    process.exitCode = await quarterly(given);
  });

async function quarterly({ out, retainYears, ...given }: Given): Promise<number> {
  const now = systemClock.now();
  await requireWritable(out, '--out');
  const ledger = ledgerFolder(given.ledger);
  const findings = resolve(given.findings ?? join(ledger, 'findings.yaml'));
  // Read by another process, while this one reads the ledger; where that goes wrong first, nobody waits for it.
  const programme = ask('programme.ts') as Promise<PlannedDrill[]>;
  programme.catch(() => {});
  const { inputs, change } = await gatherQuarter({
    period: periodOf(given, now),
    now,
    firedrill: await version(),
    programme,
    ledger,
    findings,
    retentionYears: retainYears,
  });
  const { opened, closed } = change;
  const isChanged = opened.length + closed.length > 0;
  if (isChanged) await requireWritable(dirname(findings), '--findings');
  const report = quarterOf(inputs);
  // Here only: the other commands do without the library for charts.
  const { writeQuarterly } = await import('../../quarterly/write.ts');
  const { files, withoutPdf } = await writeQuarterly(
    resolve(out),
    report,
    reportLinks(
      inputs.ledger.runs.map(({ run }) => run),
      { ledger, pageFolder: resolve(out) },
    ),
  );
  if (isChanged) {
    await writeFindings(findings, inputs.register);
    say(`findings  ${listed('opened', opened)}, ${listed('closed', closed)}: ${findings}`);
  }
  for (const { verdict, text } of report.weaknesses) say(`${words[verdict].padEnd(9)} ${text}`);
  say(`quarter   ${report.name}: ${report.verdict.toUpperCase()}. ${report.headline}`);
  for (const file of files) say(`written   ${file}`);
  if (withoutPdf !== undefined) say(`no PDF    ${withoutPdf.replaceAll('\n', ' ')}`);
  return report.ledger.verifies ? exitCodes.pass : exitCodes.fail;
}

const words = { fail: 'against', inconclusive: 'open', pass: 'settled' } as const;

const say = (line: string): unknown => process.stdout.write(`${line}\n`);

function listed(verb: string, ids: readonly string[]): string {
  return ids.length === 0 ? `none ${verb}` : `${verb} ${ids.join(', ')}`;
}
