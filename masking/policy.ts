import { DrillError } from '../domain/drill-error.ts';
import type { MaskingPolicy } from '../domain/masking.ts';
import { ruleProblem, type KnownColumn } from './rule-problem.ts';

export { readColumns } from './columns.ts';

/**
 * Holds a policy against the columns of a database (one entry a partitioned table, no generated columns: see
 * `readColumns`). Throws `policy-incomplete` with every mistake at once: columns without a rule, rules for what does not
 * exist, rules that cannot work on their column.
 */
export function checkClassified(policy: MaskingPolicy, columns: readonly KnownColumn[]): void {
  refusePolicy(policyProblems(policy, columns));
}

/** Throws `policy-incomplete` with the mistakes, if there are any. */
export function refusePolicy(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new DrillError({
    code: 'policy-incomplete',
    what: 'the masking policy does not fit the database',
    expected: 'every column classified by a rule that fits it',
    actual: problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`,
    hint: problems.map((problem) => `- ${problem}`).join('\n'),
  });
}

/** Every mistake of a policy, one line each, in the order of the names. */
export function policyProblems(policy: MaskingPolicy, columns: readonly KnownColumn[]): string[] {
  const tables = Map.groupBy(columns, ({ schema, table }) => `${schema}.${table}`);
  const names = [...new Set([...tables.keys(), ...Object.keys(policy.tables)])].sort();
  return names.flatMap((name) => tableProblems(name, policy, tables.get(name)));
}

function tableProblems(name: string, policy: MaskingPolicy, columns: readonly KnownColumn[] | undefined): string[] {
  if (columns === undefined)
    return [`${name}: a rule for a table that does not exist (a partition follows its parent)`];
  if (new Set(columns.map(({ schema }) => schema)).size > 1)
    return [`${name}: stands for tables of two schemas, since names with a dot read alike; rename one of them`];
  const table = Object.hasOwn(policy.tables, name) ? policy.tables[name] : undefined;
  const rules = table?.columns ?? {};
  const byName = new Map(columns.map((column) => [column.column, column]));
  const unclassified = [...byName.keys()]
    .filter((column) => !table?.clear && !Object.hasOwn(rules, column))
    .map((column) => `${name}.${column}: not classified`);
  const wrong = Object.entries(rules).flatMap(([columnName, rule]) => {
    const column = byName.get(columnName);
    if (column === undefined) return [`${name}.${columnName}: a rule for a column that does not exist or is generated`];
    const problem = ruleProblem(rule, { column, columns: byName, rules });
    return problem === undefined ? [] : [`${name}.${columnName}: ${problem}`];
  });
  return [...unclassified, ...wrong].sort();
}
