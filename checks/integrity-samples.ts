import { finding, notApplicable, type Finding } from '../domain/finding.ts';
import type { DatabaseContent, TableSample } from '../domain/recovery.ts';
import { evidenceOf } from './integrity-differences.ts';
import { countWords } from './words.ts';

type Samples = Readonly<Record<string, TableSample>>;

const check = 'integrity.sample';

/**
 * `integrity.sample`: whole rows of every table, read by another way than the digests were, are what they were; and the
 * two ways saw the same tables. A difference names the table and the column.
 */
export function judgeSamples(expected: DatabaseContent, actual: DatabaseContent): Finding {
  if (expected.format === undefined || expected.samples === undefined) {
    const reason = 'the manifest of the backup has no sample: it was made by an earlier version';
    return notApplicable(check, 'whole rows of every table', reason);
  }
  const before = expected.samples;
  const now = actual.samples ?? {};
  const problems = [...differences(before, now), ...disagreements(expected), ...disagreements(actual)];
  const rows = rowsOf(before);
  if (rows === 0 && problems.length === 0) {
    return notApplicable(check, 'whole rows of every table', 'there was no row to sample before the fault');
  }
  return finding(check, problems.length === 0, {
    expected: `${countWords(rows)} sampled rows of ${Object.keys(before).length} tables, column by column`,
    actual: problems.length === 0 ? 'the same values' : `${problems.length} differences`,
    evidence: evidenceOf(problems),
    recommendation:
      'Values were altered: restore the tables below from a verified backup. If no other check is red, mend the one that missed it.',
  });
}

export function rowsOf(samples: Samples): number {
  return Object.values(samples).reduce((sum, sample) => sum + sample.rows, 0);
}

function differences(before: Samples, now: Samples): string[] {
  return namesOf(before, now).flatMap((name) => {
    const [was, is] = [own(before, name), own(now, name)];
    if (!was || !is) return [`${name}: ${is ? 'unexpected' : 'missing'}`];
    if (was.rows !== is.rows) return [`${name}: ${is.rows} sampled rows, ${was.rows} before the fault`];
    return namesOf(was.columns, is.columns)
      .filter((column) => own(was.columns, column) !== own(is.columns, column))
      .map((column) => `${name}.${column}: other values in the sample`);
  });
}

/** Rows that one observer has seen and the other has not. */
function disagreements({ samples = {}, tables }: DatabaseContent): string[] {
  return Object.entries(samples)
    .filter(([name, { rows }]) => rows > 0 !== (own(tables, name)?.rows ?? 0) > 0)
    .map(([name, { rows }]) => `${name}: ${rows} sampled rows, counted ${own(tables, name)?.rows ?? 'as no table'}`);
}

function namesOf(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}

/** Own properties alone: a table may be called as a property that every object inherits. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
