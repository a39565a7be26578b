import type { Outcome, QuarterlyReport, ReportedRun, Weakness } from './report.ts';

/** What weaknesses are found in: the report without what follows from them. */
export type Ground = Omit<QuarterlyReport, 'weaknesses' | 'verdict' | 'headline' | 'matrix'>;

/** Finds a kind of weakness; an empty list where there is none. */
export type WeaknessRule = (ground: Ground) => Weakness[];

/** Whether a later run of the same drill ended so. */
export function isFollowed(run: ReportedRun, runs: readonly ReportedRun[], outcomes: readonly Outcome[]): boolean {
  return runs.some(
    ({ drill, number, outcome }) => drill === run.drill && number > run.number && outcomes.includes(outcome),
  );
}

/** Numbers of the runs for which it holds, and of the others. */
export function split(runs: readonly ReportedRun[], holds: (run: ReportedRun) => boolean): [number[], number[]] {
  const groups = Map.groupBy(runs, holds);
  const numbers = (key: boolean): number[] => (groups.get(key) ?? []).map(({ number }) => number);
  return [numbers(true), numbers(false)];
}

/** Numbers of the runs that ended so. */
export function numbersOf(runs: readonly ReportedRun[], outcomes: readonly Outcome[]): number[] {
  return runs.filter(({ outcome }) => outcomes.includes(outcome)).map(({ number }) => number);
}

/** `run 3`, `runs 3, 4 and 9`; of very many the first ones. */
export function runWords(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 12);
  const more = numbers.length > shown.length ? ` and ${numbers.length - shown.length} more` : '';
  if (more) return `runs ${shown.join(', ')}${more}`;
  const last = shown.at(-1);
  return shown.length < 2 ? `run ${last}` : `runs ${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** It speaks against the period. */
export function fail(name: string, text: string): Weakness[] {
  return [{ name, verdict: 'fail', text }];
}

/** It leaves something open. */
export function unproved(name: string, text: string): Weakness[] {
  return [{ name, verdict: 'inconclusive', text }];
}

/** Said, and settled. */
export function told(name: string, text: string): Weakness[] {
  return [{ name, verdict: 'pass', text }];
}
