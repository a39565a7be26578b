import type { CadenceFrequency } from '../domain/runbook.ts';

const startOf: Record<CadenceFrequency, (year: number, month: number, day: number, weekday: number) => number> = {
  nightly: (year, month, day) => Date.UTC(year, month, day),
  // Weeks begin on Monday, as in ISO 8601.
  weekly: (year, month, day, weekday) => Date.UTC(year, month, day - ((weekday + 6) % 7)),
  monthly: (year, month) => Date.UTC(year, month, 1),
  quarterly: (year, month) => Date.UTC(year, month - (month % 3), 1),
  annually: (year) => Date.UTC(year, 0, 1),
};

/** Day on which the calendar period begins that an instant lies in, in UTC: `2026-10-01` for a quarter. */
export function periodStart(at: Date, frequency: CadenceFrequency): string {
  const start = startOf[frequency](at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCDay());
  return new Date(start).toISOString().slice(0, 10);
}
