import { facts, mark, type Block, type Cell } from '../../reports/blocks.ts';
import { counted, instant } from '../../reports/format.ts';
import { columns, tableOr, type Part } from '../../quarterly/sections/parts.ts';
import type { DrillHistory, MonthCount } from '../history.ts';

const mostListed = 100;

/** Every month that the ledger knows, in numbers. */
export function monthsBlocks({ months }: DrillHistory): Block[] {
  return tableOr('The ledger has no run.', {
    title: 'Runs by month',
    head: columns('Month', 'Runs #', 'Pass #', 'Fail #', 'Inconclusive #', 'Sabotaged #', 'Quick #'),
    rows: months.map((month) => [
      month.month,
      month.runs === 0 ? mark('inconclusive', 'none') : String(month.runs),
      countCell(month, 'pass'),
      countCell(month, 'fail'),
      countCell(month, 'inconclusive'),
      String(month.sabotaged),
      String(month.quick),
    ]),
  });
}

function countCell(month: MonthCount, verdict: 'pass' | 'fail' | 'inconclusive'): Cell {
  return month[verdict] === 0 ? '0' : mark(verdict, String(month[verdict]));
}

/** What the history does not know. */
export function gapsSection({ withoutResult, missing }: DrillHistory): Part {
  return {
    title: 'Runs without a result or a record',
    blocks: [
      ...tableOr('Every run has come to its end.', {
        title: `Aborted, interrupted, failed before the end, or still going on: ${withoutResult.length}`,
        head: columns('Drill', 'Run', 'Begun', 'Outcome', 'Why'),
        rows: withoutResult
          .slice(0, mostListed)
          .map(({ number, runId, drill, startedAt, outcome, why }) => [
            { lines: [drill, runId] },
            String(number),
            instant(startedAt),
            mark(outcome === 'failed' ? 'fail' : 'inconclusive', outcome),
            why,
          ]),
      }),
      ...moreBlock(withoutResult.length, 'run'),
      ...tableOr('Of every run that left a record, the record is in its folder.', {
        title: `Records that are missing or cannot be used: ${missing.length}`,
        head: columns('Run', 'Folder', 'Why'),
        rows: missing.slice(0, mostListed).map(({ run, folder, why }) => [String(run), { code: folder }, why]),
      }),
      ...moreBlock(missing.length, 'record'),
    ],
  };
}

function moreBlock(count: number, noun: string): Block[] {
  const more = count - mostListed;
  return more <= 0
    ? []
    : [{ kind: 'text', text: `The newest ${mostListed} are shown; ${counted(more, `older ${noun}`)} beside them.` }];
}

/** What the page rests on. */
export function sourceSection({ ledger, firedrill }: DrillHistory): Part {
  return {
    title: 'What this rests on',
    blocks: [
      facts({
        Ledger: `${counted(ledger.runs, 'run')}${ledger.beganAt === undefined ? '' : `, begun ${instant(ledger.beganAt)}`}`,
        'Its head': ledger.head ? { lines: [ledger.head.sha256, `entry ${ledger.head.index}`] } : 'none',
        Tool: `Firedrill ${firedrill}: \`firedrill history\``,
        'Does it verify?': verifiesCell(ledger),
        Records:
          'read, and held against their seal: the newest of each engine and the newest green one of each drill; of the others only whether they are there',
      }),
    ],
  };
}

function verifiesCell({ problems }: DrillHistory['ledger']): Cell {
  if (problems.length === 0) return mark('pass', 'yes: every signature, and the chain');
  return { ...mark('fail', `no: ${counted(problems.length, 'problem')}`), lines: problems.slice(0, 5) };
}
