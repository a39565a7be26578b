import type { ApplicableVerdict } from '../domain/verdict.ts';
import { isoDay } from '../quarterly/period.ts';
import { outcomeOf, reportedRun } from '../quarterly/runs.ts';
import { periodStart } from '../schedule/period.ts';
import type { CalendarDay, DayMark, MonthCount } from './history.ts';
import type { HistoryInputs } from './inputs.ts';

const weeksShown = 13;
const dayMs = 86_400_000;
const drillsNamed = 3;

/** A run as the calendar counts it. */
interface Counted {
  day: string;
  drill: string;
  verdict: ApplicableVerdict | 'sabotaged' | 'quick';
}

/** The last thirteen weeks, the newest first; only back to the week in which the ledger began. */
export function weeksOf(inputs: HistoryInputs): CalendarDay[][] {
  const { now, beganAt } = inputs;
  const today = isoDay(now);
  const monday = Date.parse(periodStart(now, 'weekly'));
  const first = beganAt === undefined ? today : beganAt.slice(0, 10);
  const byDay = Map.groupBy(countedRuns(inputs), ({ day }) => day);
  const weeks = Array.from({ length: weeksShown }, (_, back) => monday - back * 7 * dayMs);
  return weeks
    .filter((from) => isoDay(new Date(from + 6 * dayMs)) >= first)
    .map((from) =>
      Array.from({ length: 7 }, (_, place) => isoDay(new Date(from + place * dayMs))).map((day) => {
        const own = byDay.get(day) ?? [];
        const isOutside = own.length === 0 && (day < first || day > today);
        return {
          day,
          isOutside,
          marks: marksOf(own),
          sabotaged: countOf(own, 'sabotaged'),
          quick: countOf(own, 'quick'),
        };
      }),
    );
}

/** Every month from the newest with a run back to the first, those without any too. */
export function monthsOf(inputs: HistoryInputs): MonthCount[] {
  const byMonth = Map.groupBy(countedRuns(inputs), ({ day }) => day.slice(0, 7));
  const known = [...byMonth.keys()].toSorted();
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return [];
  const months: MonthCount[] = [];
  for (let month = last; month >= first; month = monthBefore(month)) {
    const own = byMonth.get(month) ?? [];
    months.push({
      month,
      runs: own.length,
      pass: countOf(own, 'pass'),
      fail: countOf(own, 'fail'),
      inconclusive: countOf(own, 'inconclusive'),
      sabotaged: countOf(own, 'sabotaged'),
      quick: countOf(own, 'quick'),
    });
  }
  return months;
}

function countedRuns({ runs }: HistoryInputs): Counted[] {
  return runs.map((run) => {
    const { drill, startedAt } = run.run;
    const outcome = outcomeOf(run);
    const verdict = outcome === 'sabotaged' || outcome === 'quick' ? outcome : reportedRun(run, undefined).verdict;
    return { day: startedAt.slice(0, 10), drill, verdict };
  });
}

/** What is not green comes first and names its drills. */
function marksOf(runs: readonly Counted[]): DayMark[] {
  const passed = countOf(runs, 'pass');
  return [
    ...(['fail', 'inconclusive'] as const).flatMap((verdict): DayMark[] => {
      const own = runs.filter((run) => run.verdict === verdict);
      return own.length === 0 ? [] : [{ verdict, word: verdict, drills: drillsIn(own) }];
    }),
    ...(passed === 0 ? [] : [{ verdict: 'pass' as const, word: `${passed} pass` }]),
  ];
}

function drillsIn(runs: readonly Counted[]): string {
  const byDrill = Map.groupBy(runs, ({ drill }) => drill);
  const names = [...byDrill].map(([drill, own]) => (own.length === 1 ? drill : `${drill} × ${own.length}`)).toSorted();
  const more = names.length - drillsNamed;
  return more > 0 ? `${names.slice(0, drillsNamed).join(', ')} and ${more} more` : names.join(', ');
}

function countOf(runs: readonly Counted[], verdict: Counted['verdict']): number {
  return runs.filter((run) => run.verdict === verdict).length;
}

function monthBefore(month: string): string {
  const at = new Date(`${month}-01T00:00:00.000Z`);
  at.setUTCMonth(at.getUTCMonth() - 1);
  return at.toISOString().slice(0, 7);
}
