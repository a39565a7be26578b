import { facts, mark, type Block, type Cell } from '../../reports/blocks.ts';
import { instant } from '../../reports/format.ts';
import type { PlanLine, QuarterlyReport } from '../report.ts';
import { columns, runList, tableOr, type Part } from './parts.ts';

/** What the report is about and what it rests on. */
export function controlBlock({ name, period, generatedAt, firedrill, retainUntil, ledger }: QuarterlyReport): Part {
  return {
    title: 'Control block',
    blocks: [
      facts({
        Period: `${name}: ${period.from} to ${period.to}, UTC, both days included`,
        State: period.isOver ? 'complete' : 'still running: what is planned for the rest of it is not counted',
        'Drawn up': `${instant(generatedAt)}, by the clock of the machine`,
        Tool: `Firedrill ${firedrill}: \`firedrill quarterly --from ${period.from} --to ${period.to}\``,
        Source: 'the ledger of all runs, and the records in the folders that it names',
        'Ledger begun': ledger.beganAt === undefined ? undefined : instant(ledger.beganAt),
        'Does the ledger verify?': ledger.verifies ? mark('pass', 'yes') : mark('fail', 'no'),
        'Keep until': retainUntil,
      }),
    ],
  };
}

/** What the runbooks ask for against what was held, with each gap. */
export function planSection({ plan }: QuarterlyReport): Part {
  const gaps = plan.lines.flatMap((line) => line.gaps.map((gap) => ({ ...gap, drill: line.drill })));
  return {
    title: 'Planned against performed',
    blocks: [
      {
        kind: 'text',
        text: 'A drill was held when a run of it has judged the recovery, green or failed. Runs that were aborted, interrupted, inconclusive, quick (`--quick`) or played with a sabotage do not count.',
      },
      ...tableOr('No runbook asks for a drill.', {
        title: 'By the cadence of each runbook',
        head: columns('Drill', 'Runbook, scenario', 'Cadence', 'Planned #', 'Held #', 'Runs'),
        rows: plan.lines.map(planRow),
      }),
      ...tableOr(plan.planned === 0 ? 'Nothing was planned.' : 'There are no gaps.', {
        title: 'Gaps',
        head: columns('Drill', 'From #', 'To #', 'Not held #', 'Why'),
        rows: gaps.map(({ drill, from, to, drills, why }) => [drill, from, to, String(drills), why]),
      }),
      ...besideBlocks(plan.beside),
    ],
  };
}

function planRow({ drill, runbook, scenario, frequency, planned, performed, runs, notDue }: PlanLine): Cell[] {
  const kept = planned === performed ? 'pass' : 'inconclusive';
  return [
    drill,
    { lines: [runbook, scenario] },
    frequency,
    planned === 0 ? '0' : mark(kept, String(planned)),
    String(performed),
    { lines: [runs.length === 0 ? 'none' : runList(runs), ...(notDue === undefined ? [] : [notDue])] },
  ];
}

function besideBlocks(beside: QuarterlyReport['plan']['beside']): Block[] {
  if (beside.length === 0) return [];
  return [
    {
      kind: 'list',
      title: 'Runs that no runbook asks for now',
      items: beside.map(({ drill, runs }) => `${drill}: ${runList(runs)}`),
    },
  ];
}
