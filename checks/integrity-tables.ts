import { finding, notApplicable, type Finding } from '../domain/finding.ts';
import type { DatabaseContent } from '../domain/recovery.ts';
import { evidenceOf } from './integrity-differences.ts';
import { rowsOf as sampledRows } from './integrity-samples.ts';
import { countWords } from './words.ts';

type Tables = DatabaseContent['tables'];

/** The same tables with the same number of rows. Where no row was expected, nothing is proved. */
export function judgeRows(expected: DatabaseContent, actual: DatabaseContent): Finding {
  const [before, now] = [expected.tables, actual.tables];
  const differences = namesOf(before, now)
    .filter((name) => rowsOf(before, name) !== rowsOf(now, name))
    .map((name) => `${name}: expected ${count(before, name)}, actual ${count(now, name)}`);
  const nothing = nothingExpected(expected);
  const passedOver = [...new Set([...notCounted(expected), ...notCounted(actual)])];
  if (nothing?.believable && differences.length === 0 && passedOver.length === 0)
    return notApplicable('integrity.rows', totals(before), nothing.why);
  const isSame = differences.length === 0 && nothing === undefined;
  return finding('integrity.rows', isSame && passedOver.length === 0, {
    expected: totals(before),
    actual:
      differences.length > 0
        ? `${totals(now)}; ${differences.length} tables differ`
        : passedOver.length > 0
          ? `${totals(now)}; ${passedOver.length} tables were not counted`
          : totals(now),
    evidence: evidenceOf([...(nothing ? [nothing.why] : []), ...differences, ...passedOver]),
    recommendation: isSame
      ? 'Nothing is known of the tables below: mend the observation that passed over them.'
      : 'Rows are lost or surplus: restore again from a verified backup, or an earlier one, and compare.',
    ...(isSame && { otherwise: 'inconclusive' as const }),
  });
}

/** Tables that pg_dump printed, and whose rows nobody counted. */
function notCounted({ tables, statements }: DatabaseContent): string[] {
  return Object.entries(statements?.tables ?? {})
    .filter(([name, root]) => !Object.hasOwn(tables, name) && !Object.hasOwn(tables, root))
    .map(([name]) => `${name}: pg_dump prints it, its rows were not counted`);
}

/** The same content in every table and materialised view, by its digest. */
export function judgeContent(expected: DatabaseContent, actual: DatabaseContent): Finding {
  const differences = namesOf(expected.tables, actual.tables)
    .filter((name) => valueOf(expected.tables, name)?.digest !== valueOf(actual.tables, name)?.digest)
    .map((name) => `${name}: content differs`);
  differences.push(...differingViews(expected, actual));
  const nothing = nothingExpected(expected);
  const tables = Object.keys(expected.tables).length;
  const title = `the content of ${tables} tables as their digests say`;
  if (nothing?.believable && differences.length === 0) return notApplicable('integrity.content', title, nothing.why);
  return finding('integrity.content', differences.length === 0 && nothing === undefined, {
    expected: title,
    actual: differences.length === 0 ? 'the same digests' : `${differences.length} differ`,
    evidence: evidenceOf([...(nothing ? [nothing.why] : []), ...differences]),
    recommendation:
      'Values were altered: restore the tables named below from a verified backup and compare them row by row.',
  });
}

/**
 * A materialised view is made anew by a restore. One that has other rows than before was stale then, if it has what its
 * own query gives now. That it is populated is said with its definition.
 */
function differingViews(expected: DatabaseContent, actual: DatabaseContent): string[] {
  const [before, now, queried] = [expected.materialisedViews, actual.materialisedViews, actual.queriedViews ?? {}];
  if (!before || !now) return [];
  return namesOf(before, now)
    .filter((name) => valueOf(before, name) !== undefined && valueOf(now, name) !== undefined)
    .filter((name) => valueOf(before, name)?.digest !== valueOf(now, name)?.digest)
    .filter((name) => valueOf(queried, name)?.digest !== valueOf(now, name)?.digest)
    .map((name) => `materialised view ${name}: other rows than before the fault, and than its query gives`);
}

/** Neither an observer nor pg_dump has seen a table before the fault. */
export function hasNoTable({ tables, statements }: DatabaseContent): boolean {
  const titles = statements && Object.keys(statements.definitions);
  return (
    Object.keys(tables).length === 0 && titles !== undefined && !titles.some((title) => title.startsWith('TABLE '))
  );
}

/** Why there is nothing to compare; believable where a second observer has seen nothing either. */
function nothingExpected(expected: DatabaseContent): { why: string; believable: boolean } | undefined {
  const { tables, samples } = expected;
  if (Object.keys(tables).length === 0)
    return { why: 'the expectation has no table', believable: hasNoTable(expected) };
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  if (rows > 0) return undefined;
  return { why: 'the expectation has no row', believable: samples !== undefined && sampledRows(samples) === 0 };
}

function namesOf(expected: Tables, actual: Tables): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
}

/** Own properties alone: a table may be called as a property that every object inherits. */
function valueOf(tables: Tables, name: string): Tables[string] | undefined {
  return Object.hasOwn(tables, name) ? tables[name] : undefined;
}

function rowsOf(tables: Tables, name: string): number | undefined {
  return valueOf(tables, name)?.rows;
}

function count(tables: Tables, name: string): string {
  const rows = rowsOf(tables, name);
  return rows === undefined ? 'no such table' : `${countWords(rows)} rows`;
}

function totals(tables: Tables): string {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  return `${Object.keys(tables).length} tables with ${countWords(rows)} rows`;
}
