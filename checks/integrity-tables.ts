import { finding, type Finding } from '../domain/finding.ts';
import type { DatabaseContent } from '../domain/recovery.ts';
import { evidenceOf } from './integrity-differences.ts';

type Tables = DatabaseContent['tables'];

/** The same tables with the same number of rows. No table, or no row at all, expected proves nothing and fails. */
export function judgeRows(expected: Tables, actual: Tables): Finding {
  const differences = namesOf(expected, actual)
    .filter((name) => rowsOf(expected, name) !== rowsOf(actual, name))
    .map((name) => `${name}: expected ${count(expected, name)}, actual ${count(actual, name)}`);
  const nothing = nothingExpected(expected);
  return finding('integrity.rows', differences.length === 0 && nothing === undefined, {
    expected: totals(expected),
    actual: differences.length === 0 ? totals(actual) : `${totals(actual)}; ${differences.length} tables differ`,
    evidence: evidenceOf([...(nothing ? [nothing] : []), ...differences]),
    recommendation: 'Rows are lost or surplus: restore again from a verified backup, or an earlier one, and compare.',
  });
}

/** The same content in every table, by its digest. */
export function judgeContent(expected: Tables, actual: Tables): Finding {
  const differences = namesOf(expected, actual)
    .filter((name) => valueOf(expected, name)?.digest !== valueOf(actual, name)?.digest)
    .map((name) => `${name}: content differs`);
  const nothing = nothingExpected(expected);
  const tables = Object.keys(expected).length;
  return finding('integrity.content', differences.length === 0 && nothing === undefined, {
    expected: `the content of ${tables} tables as their digests say`,
    actual: differences.length === 0 ? 'the same digests' : `${differences.length} tables differ`,
    evidence: evidenceOf([...(nothing ? [nothing] : []), ...differences]),
    recommendation:
      'Values were altered: restore the tables named below from a verified backup and compare them row by row.',
  });
}

function nothingExpected(expected: Tables): string | undefined {
  if (Object.keys(expected).length === 0) return 'the expectation has no table';
  const rows = Object.values(expected).reduce((sum, table) => sum + table.rows, 0);
  return rows === 0 ? 'the expectation has no row' : undefined;
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
  return rows === undefined ? 'no such table' : `${rows.toLocaleString('en')} rows`;
}

function totals(tables: Tables): string {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  return `${Object.keys(tables).length} tables with ${rows.toLocaleString('en')} rows`;
}
