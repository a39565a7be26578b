import { DrillError } from '../domain/drill-error.ts';

/** A time from midnight to midnight (UTC): `from` included, `to` not. */
export interface Period {
  from: Date;
  to: Date;
}

const dayMs = 86_400_000;

/** The last quarter of the calendar that is over, in UTC. */
export function lastWholeQuarter(now: Date): Period {
  const year = now.getUTCFullYear();
  const month = now.getUTCMonth() - (now.getUTCMonth() % 3);
  return { from: new Date(Date.UTC(year, month - 3, 1)), to: new Date(Date.UTC(year, month, 1)) };
}

/**
 * The period between two days, both included, or the last whole quarter where neither is given. A `DrillError`
 * (`usage`) for one without the other, for what is no day, for an end before its beginning, and for what lies ahead.
 */
export function periodOf({ from, to }: { from?: string; to?: string }, now: Date): Period {
  if (from === undefined && to === undefined) return lastWholeQuarter(now);
  if (from === undefined || to === undefined) {
    throw wrong('both --from and --to, or neither', from === undefined ? 'only --to' : 'only --from');
  }
  const period = { from: day(from, '--from'), to: new Date(day(to, '--to').getTime() + dayMs) };
  if (period.from >= period.to) throw wrong('--to on or after --from', `${from} to ${to}`);
  if (period.from > now) throw wrong('a period that has begun', `${from} to ${to}`);
  return period;
}

/** `2026-Q1`, or the first and the last day of a period that is no quarter of the calendar. */
export function periodName({ from, to }: Period): string {
  const { from: start, to: end } = lastWholeQuarter(to);
  if (start.getTime() === from.getTime() && end.getTime() === to.getTime()) {
    return `${from.getUTCFullYear()}-Q${from.getUTCMonth() / 3 + 1}`;
  }
  return `${isoDay(from)} to ${lastDay(to)}`;
}

/** `2026-03-31`, in UTC. */
export function isoDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** The last day before an instant that ends a period. */
export function lastDay(to: Date): string {
  return isoDay(new Date(to.getTime() - 1));
}

/** Whole days from one instant to another. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / dayMs);
}

function day(text: string, option: string): Date {
  const at = new Date(`${text}T00:00:00.000Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && isoDay(at) === text) return at;
  throw wrong(`${option} as a day, e.g. 2026-01-01`, `\`${text}\``);
}

function wrong(expected: string, actual: string): DrillError {
  return new DrillError({ code: 'usage', what: 'the period cannot be told', expected, actual });
}
