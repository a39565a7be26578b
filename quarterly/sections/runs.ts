import { sourceWords } from '../../domain/source-state.ts';
import { mark, type Block, type Cell } from '../../reports/blocks.ts';
import { counted, duration, instant } from '../../reports/format.ts';
import { medianOf } from '../median.ts';
import type { QuarterlyReport, ReportedRun } from '../report.ts';
import { columns, rangeList, runList, tableOr, type Part } from './parts.ts';

/** Of more runs than this the green ones are told by drill and month: pages of rows that all say the same hide the others. */
const mostRows = 300;

/** Every run of the period by its number, those that failed or have no result too. */
export function runsSection({ runs, flaky }: QuarterlyReport): Part {
  const summary: Block[] =
    runs.length === 0
      ? []
      : [{ kind: 'text', text: `${counted(runs.length, 'run')}: ${outcomeCounts(runs)}. ${numberWords(runs)}` }];
  return {
    title: 'Every run of the period',
    blocks: [...summary, ...(runs.length > mostRows ? inGroups(runs) : oneByOne('Runs', runs)), ...flakyList(flaky)],
  };
}

function flakyList(flaky: QuarterlyReport['flaky']): Block[] {
  if (flaky.length === 0) return [];
  const items = flaky.map(
    ({ drill, red, green, ...source }) => `${drill}: run ${red} red, run ${green} green, ${sourceWords(source)}`,
  );
  return [{ kind: 'list', title: 'Red, then green, though nothing had changed', items }];
}

function oneByOne(title: string, runs: readonly ReportedRun[]): Block[] {
  return tableOr('No run was begun in the period.', {
    title,
    head: columns('Run', 'Begun (UTC) #', 'Outcome', 'RTO #', 'Why it is not green'),
    rows: runs.map((run) => [
      { lines: [`${run.number}, ${run.drill}`, run.runId] },
      instant(run.startedAt).slice(0, 16),
      mark(run.verdict, run.outcome),
      run.rtoMs === undefined ? '' : duration(run.rtoMs),
      run.why ?? '',
    ]),
  });
}

function inGroups(runs: readonly ReportedRun[]): Block[] {
  const green = runs.filter(({ outcome }) => outcome === 'green');
  const others = runs.filter(({ outcome }) => outcome !== 'green');
  const groups = Map.groupBy(green, ({ drill, startedAt }) => `${drill} ${startedAt.slice(0, 7)}`);
  return [
    {
      kind: 'text',
      text: 'Green runs are told by drill and month, with all their numbers; each of them is in `quarterly.json`.',
    },
    ...(others.length === 0 ? [] : oneByOne('Runs that are not green', others)),
    ...tableOr('No run was green.', {
      title: 'Green runs',
      head: columns('Drill', 'Month', 'Runs #', 'RTO: median #', 'Worst #', 'Numbers'),
      rows: [...groups.values()].map(greenRow),
    }),
  ];
}

/** Green runs of one drill and month as one row. */
function greenRow(runs: readonly ReportedRun[]): Cell[] {
  const times = runs.flatMap(({ rtoMs }) => (rtoMs === undefined ? [] : [rtoMs])).toSorted((one, other) => one - other);
  const words = (valueMs: number | undefined): string => (valueMs === undefined ? '' : duration(valueMs));
  return [
    runs[0]?.drill ?? '',
    runs[0]?.startedAt.slice(0, 7) ?? '',
    String(runs.length),
    words(medianOf(times)),
    words(times.at(-1)),
    rangeList(runs.map(({ number }) => number)),
  ];
}

/** First and last number, and those between them that no run of the period has. */
function numberWords(runs: readonly ReportedRun[]): string {
  const numbers = new Set(runs.map(({ number }) => number));
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  const missing = Array.from({ length: last - first + 1 }, (_, place) => first + place).filter(
    (number) => !numbers.has(number),
  );
  const gaps = missing.length === 0 ? 'none is missing' : `missing: ${runList(missing)}`;
  return `Their numbers in the ledger are ${first} to ${last}, ${gaps}.`;
}

function outcomeCounts(runs: readonly ReportedRun[]): string {
  const groups = Map.groupBy(runs, ({ outcome }) => outcome);
  return [...groups].map(([outcome, own]) => `${own.length} ${outcome}`).join(', ');
}
