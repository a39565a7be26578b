import { finding, notApplicable, type Finding } from '../domain/finding.ts';
import { largeObjects } from '../domain/masking.ts';
import type { DatabaseContent } from '../domain/recovery.ts';
import { differencesOf, evidenceOf } from './integrity-differences.ts';

type RowCounts = Readonly<Record<string, number>>;

/**
 * `masking.rows`: as many rows as the source, but in cleared tables; `masking.cleared`: none in those. Large objects are
 * counted like the rows of a table, where there are any.
 */
export function judgeMaskedRows(source: RowCounts, masked: RowCounts, toClear: readonly string[]): Finding[] {
  const cleared = toClear.filter((name) => name !== largeObjects || source[name] !== undefined || masked[name]);
  const emptied = new Set(cleared);
  const names = [...new Set([...Object.keys(source), ...Object.keys(masked)])].filter((name) => !emptied.has(name));
  const wrong = names.filter((name) => source[name] !== masked[name]);
  const rows = names.reduce((total, name) => total + (masked[name] ?? 0), 0);
  const left = cleared.filter((name) => (masked[name] ?? (name === largeObjects ? 0 : undefined)) !== 0);
  return [
    finding('masking.rows', names.length > 0 && rows > 0 && wrong.length === 0, {
      expected: `as many rows as the source in each of ${names.length} tables`,
      actual: wrong.length === 0 ? `${rows} rows, as the source` : `${wrong.length} tables with other counts`,
      evidence: evidenceOf(wrong.map((name) => `${name}: ${counted(masked[name])}, source ${counted(source[name])}`)),
      recommendation: 'Make the masked copy again: rows were lost or doubled on the way.',
    }),
    cleared.length === 0
      ? notApplicable('masking.cleared', 'tables to be cleared are empty', 'the policy clears no table')
      : finding('masking.cleared', left.length === 0, {
          expected: `no row in ${cleared.join(', ')}`,
          actual: left.length === 0 ? `${cleared.length} tables empty` : `${left.length} tables not empty`,
          evidence: evidenceOf(left.map((name) => `${name}: ${counted(masked[name])}`)),
          recommendation: 'Do not hand the copy over: tables that must be empty, such as sessions, are not.',
        }),
  ];
}

type Structure = Pick<DatabaseContent, 'constraints' | 'indexes'>;

/**
 * `masking.foreign-keys`: all constraints and indexes of the source are in the copy, valid where they were valid (a line
 * ends in `[valid]` or not), so that joins and uniqueness held through the masking.
 */
export function judgeMaskedForeignKeys(source: Structure, masked: Structure): Finding {
  const problems = [
    ...differencesOf(source.constraints, masked.constraints),
    ...differencesOf(source.indexes, masked.indexes),
  ];
  const count = masked.constraints.length + masked.indexes.length;
  if (count === 0 && problems.length === 0)
    return notApplicable(
      'masking.foreign-keys',
      'the constraints and indexes of the source',
      'the source has no constraint and no index, and so has the copy',
    );
  return finding('masking.foreign-keys', count > 0 && problems.length === 0, {
    expected: `${source.constraints.length} constraints and ${source.indexes.length} indexes, valid as in the source`,
    actual: problems.length === 0 ? `${count} there and valid` : `${problems.length} differences`,
    evidence: evidenceOf(problems),
    recommendation: 'Look for rules that make values of a key differ from those that refer to it, or alike.',
  });
}

function counted(rows: number | undefined): string {
  return rows === undefined ? 'no such table' : `${rows} rows`;
}
