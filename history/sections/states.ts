import { mark, type Block, type Cell } from '../../reports/blocks.ts';
import { counted, date, duration, percent } from '../../reports/format.ts';
import { columns, tableOr, type Part } from '../../quarterly/sections/parts.ts';
import type { DrillHistory, ScenarioState } from '../history.ts';

/** Each scenario by its last run. */
export function statesSection({ states }: DrillHistory): Part {
  return {
    title: 'How each scenario stands',
    blocks: tableOr('No runbook names a scenario.', {
      title: 'By the last verdict; runs with a sabotage and quick runs do not count',
      head: columns('Drill', 'Runbook, scenario', 'Last verdict', 'Last green', 'Recovery time'),
      rows: states.map((state) => [
        state.drill,
        { lines: [state.runbook, state.scenario] },
        lastCell(state),
        greenCell(state),
        timeCell(state),
      ]),
    }),
  };
}

function lastCell({ last, judged, exists }: ScenarioState): Cell {
  if (!exists) return mark('inconclusive', 'there is no such drill');
  if (!last) return mark('not-applicable', 'not begun');
  const since = last.number === judged?.number ? [] : [`run ${last.number} since: ${last.outcome}`];
  if (!judged) return { ...mark('inconclusive', 'none'), lines: [`run ${last.number}: ${last.outcome}`] };
  return { ...mark(judged.verdict, judged.outcome), lines: [`run ${judged.number}`, date(judged.startedAt), ...since] };
}

function greenCell({ lastGreen }: ScenarioState): Cell {
  if (!lastGreen) return mark('inconclusive', 'never');
  return { lines: [ageWords(lastGreen.daysAgo), `run ${lastGreen.run}`, date(lastGreen.at)] };
}

/** `today`, `1 day ago`, `12 days ago`. */
export function ageWords(daysAgo: number): string {
  return daysAgo === 0 ? 'today' : `${counted(daysAgo, 'day')} ago`;
}

function timeCell({ judged }: ScenarioState): Cell {
  if (judged?.rtoMs === undefined || judged.rtoTargetMs === undefined) return 'not measured';
  const { rtoMs, rtoTargetMs } = judged;
  const words = [`of ${duration(rtoTargetMs)}: ${percent(rtoMs, rtoTargetMs)}`];
  return { ...mark(rtoMs <= rtoTargetMs ? 'pass' : 'fail', duration(rtoMs)), lines: words };
}

/** What is due now, and when the calendar asks for the rest. */
export function dueSection({ states, generatedAt, lots, reminders, gaps }: DrillHistory): Part {
  return {
    title: 'Next due drills',
    blocks: [
      ...tableOr('No runbook asks for a drill.', {
        title: 'What is due first',
        head: columns('Drill', 'Due', 'Why'),
        rows: states.toSorted(byDue).map((state) => [state.drill, dueCell(state, generatedAt), reasonCell(state)]),
      }),
      ...listOf(
        'For people: no machine can tell whether it was done',
        reminders.map(({ runbook, title, from, until }) => `${runbook}, from ${from} until ${until}: ${title}`),
      ),
      ...listOf(
        'Drawn by lot',
        lots.map(({ runbook, period, seed, scenario, drill }) => {
          return `${runbook}, period from ${period}, seed ${seed}: ${scenario} (${drill})`;
        }),
      ),
      ...listOf(
        'Gaps in the programme',
        gaps.map(({ runbook, scenario, drill, what }) => `${runbook}, ${scenario} (${drill}): ${what}`),
      ),
    ],
  };
}

function byDue(one: ScenarioState, other: ScenarioState): number {
  return dueKey(one) < dueKey(other) ? -1 : 1;
}

/** What is due comes first, what has no date last. */
function dueKey({ reasons, nextDueAt, drill }: ScenarioState): string {
  return `${reasons.length > 0 ? 0 : 1} ${nextDueAt ?? (reasons.length > 0 ? '' : '9999')} ${drill}`;
}

function dueCell({ reasons, nextDueAt, exists }: ScenarioState, now: string): Cell {
  if (!exists) return mark('inconclusive', 'there is no such drill');
  if (reasons.length > 0) {
    const since = nextDueAt !== undefined && nextDueAt <= now ? [`since ${date(nextDueAt)}`] : [];
    return { ...mark('inconclusive', 'now'), lines: since };
  }
  return nextDueAt === undefined ? 'no date' : mark('pass', date(nextDueAt));
}

function reasonCell({ reasons, nextDueAt }: ScenarioState): Cell {
  if (reasons.length > 0) return { lines: reasons };
  return nextDueAt === undefined ? 'No exercise asks for it by the calendar.' : 'By the calendar.';
}

function listOf(title: string, items: string[]): Block[] {
  return items.length === 0 ? [] : [{ kind: 'list', title, items }];
}
