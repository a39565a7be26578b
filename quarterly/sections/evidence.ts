import { byHandLedgerChecks } from '../../domain/evidence.ts';
import type { LedgerHead } from '../../domain/ledger.ts';
import { facts, mark, type Block, type Cell } from '../../reports/blocks.ts';
import { counted, instant } from '../../reports/format.ts';
import type { QuarterlyReport } from '../report.ts';
import { columns, tableOr, type Part } from './parts.ts';

/** Controls of standards, each with what the period shows of it. */
export function matrixSection({ matrix }: QuarterlyReport): Part {
  return {
    title: 'Control matrix',
    blocks: [
      {
        kind: 'text',
        text: 'Ids and short paraphrases; the wording is in the standards. The verdict is on the evidence of this period, not on compliance.',
      },
      {
        kind: 'table',
        title: 'What drills show of each control',
        columns: columns('Controls', 'Evidence', 'What it shows here', 'Not by a machine'),
        rows: matrix.map(({ controls, shows, cadence, verdict, evidence, notByMachine }) => [
          { lines: [controls, shows, `asked: ${cadence}`] },
          mark(verdict),
          evidence,
          notByMachine,
        ]),
      },
    ],
  };
}

/** Where the numbers come from, and whether that was changed. */
export function ledgerSection({ ledger }: QuarterlyReport): Part {
  return {
    title: 'Ledger',
    blocks: [
      facts({
        'Does it verify?': ledger.verifies ? mark('pass', 'yes') : mark('fail', `no: ${ledger.problems.length} found`),
        'Head before the period': headCell(ledger.headAtStart, 'none: the ledger had not begun'),
        'Head at its end': headCell(ledger.headAtEnd, 'none: the ledger had not begun'),
        'Head when this was drawn up': headCell(ledger.head, 'not known'),
        ...(ledger.keys.length === 0 && { Keys: 'none' }),
        ...Object.fromEntries(ledger.keys.map(({ keyId, since }) => [`Key since ${instant(since)}`, keyId])),
      }),
      ...listOf('Checked', ledger.checked),
      ...listOf('Not checked', ledger.notChecked),
      ...listOf('Wrong', ledger.problems),
      ...tableOr('The record of every run of the period that left one was read, and is the one that was sealed.', {
        title: 'Records that could not be used',
        head: columns('Run', 'Folder', 'Why'),
        rows: ledger.missingRecords.map(({ run, folder, why }) => [`run ${run}`, { code: folder }, why]),
      }),
      {
        kind: 'text',
        text: 'The heads are kept where the owner of the key cannot write: compare them with what you were given. `firedrill verify ledger` checks all of it offline; the same by hand, in the folder of the ledger:',
      },
      { kind: 'commands', commands: byHandLedgerChecks() },
    ],
  };
}

function headCell(head: LedgerHead | undefined, otherwise: string): Cell {
  return head ? { lines: [head.sha256, `entry ${head.index}, ${counted(head.runs, 'run')}`] } : otherwise;
}

function listOf(title: string, items: string[]): Block[] {
  return items.length === 0 ? [] : [{ kind: 'list', title, items }];
}

/** What this report cannot say. */
export function limitationsSection({ limitations }: QuarterlyReport): Part {
  return { title: 'What a machine cannot evidence', blocks: [{ kind: 'list', items: limitations }] };
}

/** Empty fields for people, and how long this is kept. */
export function signOffSection({ signOff, retention, retainUntil }: QuarterlyReport): Part {
  return {
    title: 'Sign-off and retention',
    blocks: [
      {
        kind: 'table',
        title: 'Sign-off',
        columns: columns('Role', 'Name', 'Date', 'Signature'),
        rows: signOff.map((role) => [role, '. . . . . . . . . .', '. . . . . .', '. . . . . . . . . . . .']),
      },
      facts({
        'Keep this report until': `${retainUntil} (${retention.years} years)`,
        'Records of the period are kept at least until': retention.earliestRecordUntil,
      }),
    ],
  };
}
