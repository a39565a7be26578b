import { nextDrillAt } from '../domain/cadence.ts';
import type { PeriodRun } from '../evidence/ledger-period.ts';
import type { PlannedDrill, QuarterInputs } from './inputs.ts';
import { isoDay, lastDay, type Period } from './period.ts';
import type { PlanGap, PlanLine, QuarterlyReport } from './report.ts';
import { begunAt, hasJudged, isIn, outcomeOf } from './runs.ts';

interface Course {
  period: Period;
  /** Up to when drills could be held. */
  asOf: Date;
  runs: readonly PeriodRun[];
  beganAt: Date | undefined;
}

/**
 * Planned against performed. The period is split by the cadence of each runbook; a part without a run that judged the
 * recovery is a gap, and what is known of it is its explanation. A drill whose cadence is longer than the period is
 * planned when it falls due in it.
 */
export function planOf({ period, now, programme, ledger }: QuarterInputs): QuarterlyReport['plan'] {
  const course: Course = {
    period,
    asOf: now < period.to ? now : period.to,
    runs: ledger.runs,
    beganAt: ledger.beganAt === undefined ? undefined : new Date(ledger.beganAt),
  };
  const lines = programme.map((drill) => lineOf(drill, course));
  return {
    lines,
    planned: sum(lines.map(({ planned }) => planned)),
    performed: sum(lines.map(({ performed }) => performed)),
    beside: besideOf(programme, course),
  };
}

function lineOf(drill: PlannedDrill, course: Course): PlanLine {
  const own = course.runs.filter(({ run }) => run.drill === drill.drill && run.runbook.name === drill.runbook);
  const { slots, notDue } = slotsOf(drill, own, course);
  const held = own.filter(hasJudged);
  const gaps = slots
    .filter((slot) => !held.some((run) => isIn(slot, run)))
    .map((slot) => ({ slot, why: whyEmpty(drill, slot, own, course) }));
  return {
    runbook: drill.runbook,
    scenario: drill.scenario,
    drill: drill.drill,
    frequency: drill.frequency,
    planned: slots.length,
    performed: slots.length - gaps.length,
    runs: held.filter((run) => isIn(course.period, run)).map(({ run }) => run.number),
    gaps: joined(gaps),
    ...(notDue !== undefined && { notDue }),
  };
}

/** The parts of the period in each of which the drill was planned once. One that is not over yet is not planned yet. */
function slotsOf(
  { frequency }: PlannedDrill,
  own: readonly PeriodRun[],
  { period, asOf }: Course,
): { slots: Period[]; notDue?: string } {
  const slots: Period[] = [];
  for (let from = period.from; from < period.to;) {
    const to = new Date(nextDrillAt(from, frequency));
    if (to > period.to) break;
    if (to <= asOf) slots.push({ from, to });
    from = to;
  }
  if (slots.length > 0) return { slots };
  if (new Date(nextDrillAt(period.from, frequency)) <= period.to) {
    return { slots, notDue: 'the first part of the period in which it is planned is not over' };
  }
  const before = own.findLast((run) => hasJudged(run) && begunAt(run) < period.from);
  const dueAt = before ? nextDrillAt(begunAt(before), frequency) : period.from.toISOString();
  if (new Date(dueAt) < asOf) return { slots: [{ from: period.from, to: period.to }] };
  return { slots, notDue: `due on ${dueAt.slice(0, 10)}${before ? `, after run ${before.run.number}` : ''}` };
}

function whyEmpty(
  { drill, exists }: PlannedDrill,
  slot: Period,
  own: readonly PeriodRun[],
  { beganAt }: Course,
): string {
  if (!exists) return `the runbook names it, and there is no drill ${drill}`;
  const tried = own.filter((run) => isIn(slot, run));
  if (tried.length > 0) return tried.map(endingOf).join('; ');
  if (beganAt === undefined || beganAt >= slot.to) return 'no run is on record: the ledger had not begun';
  const before = own.findLast((run) => hasJudged(run) && begunAt(run) < slot.from);
  if (!before) return 'no run was begun, and none before it has judged the recovery';
  return `no run was begun; the last before it is run ${before.run.number} of ${before.run.startedAt.slice(0, 10)}`;
}

function endingOf(run: PeriodRun): string {
  const outcome = outcomeOf(run);
  const { number } = run.run;
  if (outcome === 'open') return `run ${number} has no end`;
  if (outcome === 'quick') return `run ${number} was quick, which is no evidence`;
  if (outcome === 'sabotaged') return `run ${number} was played with a sabotage`;
  const reason = run.end?.reason === undefined ? '' : ` (${run.end.reason})`;
  return outcome === 'inconclusive' ? `run ${number} proved nothing${reason}` : `run ${number} was ${outcome}${reason}`;
}

/** Gaps one after the other with the same explanation are one. */
function joined(gaps: readonly { slot: Period; why: string }[]): PlanGap[] {
  const result: (PlanGap & { end: number })[] = [];
  for (const { slot, why } of gaps) {
    const last = result.at(-1);
    if (last && last.why === why && last.end === slot.from.getTime()) {
      Object.assign(last, { to: lastDay(slot.to), drills: last.drills + 1, end: slot.to.getTime() });
    } else {
      result.push({ from: isoDay(slot.from), to: lastDay(slot.to), drills: 1, why, end: slot.to.getTime() });
    }
  }
  return result.map(({ from, to, drills, why }) => ({ from, to, drills, why }));
}

/** Runs of drills that no runbook asks for now. */
function besideOf(programme: readonly PlannedDrill[], { period, runs }: Course): { drill: string; runs: number[] }[] {
  const planned = new Set(programme.map(({ runbook, drill }) => `${runbook} ${drill}`));
  const beside = runs.filter((run) => isIn(period, run) && !planned.has(`${run.run.runbook.name} ${run.run.drill}`));
  return [...Map.groupBy(beside, ({ run }) => run.drill)].map(([drill, own]) => ({
    drill,
    runs: own.map(({ run }) => run.number),
  }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
