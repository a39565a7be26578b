import type { CadenceFrequency } from './runbook.ts';

const stepOf: Record<CadenceFrequency, { days: number } | { months: number }> = {
  nightly: { days: 1 },
  weekly: { days: 7 },
  monthly: { months: 1 },
  quarterly: { months: 3 },
  annually: { months: 12 },
};

/**
 * The day on which the next drill is due, as the instant it begins (UTC, ISO 8601). A month too short for the day ends it: 31 January plus
 * one month is 28 or 29 February.
 */
export function nextDrillAt(from: Date, frequency: CadenceFrequency): string {
  const step = stepOf[frequency];
  const [year, month, day] = [from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate()];
  if ('days' in step) return new Date(Date.UTC(year, month, day + step.days)).toISOString();
  const lastDay = new Date(Date.UTC(year, month + step.months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month + step.months, Math.min(day, lastDay))).toISOString();
}
