import type { Client } from 'pg';
import { DrillError } from '../domain/drill-error.ts';
import {
  largeObjectRule,
  type ColumnRule,
  type LargeObjectRule,
  type MaskingPolicy,
  type TablePlan,
  type TableShape,
} from '../domain/masking.ts';
import { readColumns, readPartitionRoots, type CatalogueColumn } from './columns.ts';
import { partitionProblems, readMaskedKeys, type MaskedKey } from './partition-keys.ts';
import { checkClassified, refusePolicy } from './policy.ts';
import type { SentTransform } from './sent-transform.ts';
import { createRowTransform } from './transform.ts';

export interface MaskingStatistics {
  columnsClassified: number;
  /** Number of columns under each rule; the columns of a cleared table count as `clear`. */
  rules: Record<ColumnRule['kind'] | 'clear', number>;
  /** Rows that went through a transform; rows of tables that are kept whole are not looked at. */
  rowsTransformed: number;
}

/** Masking of one database, as a restore needs it. */
export interface MaskingPlan {
  /**
   * Holds the policy against the fresh database. Called once, after its tables were created and before a row moves;
   * throws `policy-incomplete`.
   */
  beforeRows(client: Client): Promise<void>;
  /** What happens to the rows of a table. Throws for one that `beforeRows` did not see. */
  plan(shape: TableShape): TablePlan;
  /** What happens to large objects. */
  readonly largeObjects: LargeObjectRule;
  statistics(): MaskingStatistics;
}

/** Turns a policy into what a restore does with each table. */
export function createMaskingPlan(policy: MaskingPolicy): MaskingPlan {
  let columns: CatalogueColumn[] | undefined;
  let partitionRoots = new Map<string, string>();
  let maskedKeys = new Map<string, MaskedKey>();
  let rowsTransformed = 0;

  return {
    async beforeRows(client) {
      const found = await readColumns(client);
      checkClassified(policy, found);
      partitionRoots = await readPartitionRoots(client);
      maskedKeys = await readMaskedKeys(client, policy);
      refusePolicy(await partitionProblems(client, policy, maskedKeys));
      columns = found;
    },
    plan(shape) {
      if (columns === undefined) throw tooEarly(shape);
      const name = `${shape.schema}.${shape.table}`;
      const root = partitionRoots.get(name) ?? name;
      const table = Object.hasOwn(policy.tables, root) ? policy.tables[root] : undefined;
      if (table?.clear) return { load: 'none' };
      const rules = shape.columns.map((column) => ruleOf(table?.columns ?? {}, column.name, root));
      if (rules.every(({ kind }) => kind === 'keep')) return { load: 'all' };
      const baseTypes = new Map(
        columns.filter((column) => `${column.schema}.${column.table}` === root).map((c) => [c.column, c.baseType]),
      );
      const based = shape.columns.map((column) => ({ ...column, type: baseTypes.get(column.name) ?? column.type }));
      const onRows = (rows: number): void => {
        rowsTransformed += rows;
      };
      const key = root === name ? undefined : maskedKeys.get(root);
      const data: SentTransform = { shape: { ...shape, columns: based }, rules };
      return {
        load: 'transformed',
        transform: createRowTransform(data.shape, rules, onRows),
        elsewhere: { module: new URL('sent-transform.ts', import.meta.url).href, data, onRows },
        ...(key && { through: { schema: key.schema, table: key.table, maskedKey: key.masked } }),
      };
    },
    largeObjects: largeObjectRule(policy),
    statistics: () => ({ ...countRules(policy, columns ?? []), rowsTransformed }),
  };
}

function countRules(policy: MaskingPolicy, columns: readonly CatalogueColumn[]) {
  const rules = { keep: 0, replace: 0, redact: 0, null: 0, clear: 0 };
  for (const { schema, table, column } of columns) {
    const tablePolicy = policy.tables[`${schema}.${table}`];
    const kind = tablePolicy?.clear ? 'clear' : tablePolicy?.columns[column]?.kind;
    if (kind) rules[kind]++;
  }
  return { columnsClassified: columns.length, rules };
}

function ruleOf(rules: Readonly<Record<string, ColumnRule>>, column: string, table: string): ColumnRule {
  const rule = Object.hasOwn(rules, column) ? rules[column] : undefined;
  if (rule !== undefined) return rule;
  throw new DrillError({
    code: 'policy-incomplete',
    what: `${table}.${column} is not classified`,
    expected: 'a rule in the masking policy',
    actual: 'none',
  });
}

function tooEarly({ schema, table }: TableShape): DrillError {
  return new DrillError({
    code: 'internal',
    what: `the rows of ${schema}.${table} were asked for before the masking policy was held against the database`,
  });
}
