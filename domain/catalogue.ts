import { dataChecks } from './catalogue-data.ts';
import { runChecks } from './catalogue-run.ts';
import { searchChecks } from './catalogue-search.ts';
import type { CheckEntry, ReportSection } from './check-entry.ts';

/**
 * Every check that a finding may be of, by its name or by a pattern with a part in angle brackets. From it follow the
 * section of the report that shows it, the controls that it evidences, what a run owes, and what turns it red.
 */
const entries = { ...dataChecks, ...searchChecks, ...runChecks };

type Named<Pattern extends string> = Pattern extends `${infer Before}<${string}>` ? `${Before}${string}` : Pattern;

/** Where a check can be asked beside the recovered system; the place comes before its name. */
const checkPlaces = ['steady-state', 'staging'] as const;
export type CheckPlace = (typeof checkPlaces)[number];

/** Name or pattern of an entry of the catalogue. */
export type CheckPattern = keyof typeof entries;
/** Name of a check without the place that it was asked at. */
export type CheckName = Named<CheckPattern>;
/** Name of a check as findings bear it. */
export type PlacedCheckName = CheckName | `${CheckPlace}.${CheckName}`;

export const catalogue: Readonly<Record<CheckPattern, CheckEntry>> = entries;

export const checkPatterns = Object.keys(catalogue) as CheckPattern[];

const prefixes = checkPatterns.flatMap((pattern) => {
  const part = pattern.indexOf('<');
  return part < 0 ? [] : [{ pattern, prefix: pattern.slice(0, part) }];
});

/** The name of a check without the place that it was asked at. */
export function checkName(check: string): string {
  const place = checkPlaces.find((candidate) => check.startsWith(`${candidate}.`));
  return place === undefined ? check : check.slice(place.length + 1);
}

/** The entry's name or pattern that a check falls under, `undefined` where the catalogue has none. */
export function patternOf(check: string): CheckPattern | undefined {
  const name = checkName(check);
  if (Object.hasOwn(catalogue, name) && !name.includes('<')) return name as CheckPattern;
  return prefixes.find(({ prefix }) => name.startsWith(prefix) && name.length > prefix.length)?.pattern;
}

/** The entry of a check, `undefined` where the catalogue has none, as for one of another version. */
export function entryOf(check: string): CheckEntry | undefined {
  const pattern = patternOf(check);
  return pattern && catalogue[pattern];
}

/** The section of the run report that shows a check; the course of the run for one of another version. */
export function sectionOf(check: string): ReportSection | undefined {
  const entry = entryOf(check);
  if (entry === undefined) return 'course';
  return typeof entry.section === 'string' ? entry.section : undefined;
}

/** Throws for a name that the catalogue does not have: its finding would be in no section and owed by nobody. */
export function assertKnownCheck(check: string): void {
  if (entryOf(check)) return;
  throw new TypeError(`there is no check named \`${check}\`: expected one of domain/catalogue.ts`);
}
