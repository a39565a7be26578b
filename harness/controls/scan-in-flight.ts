import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { DrillError } from '../../domain/drill-error.ts';
import type { MaskingPolicy, ScanResult, TableShape } from '../../domain/masking.ts';
import { readColumns } from '../../masking/columns.ts';
import { createMaskingPlan } from '../../masking/plan.ts';
import { scanRows, type ScanOptions } from '../../masking/scan.ts';
import { wholeRows } from '../../masking/scanner/whole-rows.ts';
import { withPostgres } from '../../stack/clients.ts';
import { need, type DrillContext } from '../context.ts';
import { scanOptions } from '../steps/scan-options.ts';

/** A column of a table, by its parts. */
export interface ColumnName {
  schema: string;
  table: string;
  column: string;
}

/** The parts of `schema.table`: a table's name may hold a dot. */
export function partsOf(name: string): Pick<ColumnName, 'schema' | 'table'> {
  const dot = name.indexOf('.');
  return { schema: name.slice(0, dot), table: name.slice(dot + 1) };
}

/** The policy with the rule of one column off: its values pass as they are. */
export function withRuleOff(policy: MaskingPolicy, { schema, table, column }: ColumnName): MaskingPolicy {
  const name = `${schema}.${table}`;
  const rules = policy.tables[name];
  const columns = { ...rules?.columns, [column]: { kind: 'keep' as const } };
  return { ...policy, tables: { ...policy.tables, [name]: { ...rules, columns } } };
}

/**
 * Masks the column's table by the policy and scans what comes out. The rows go from the recovered server through the
 * masker into the scanner; they are not loaded anywhere.
 */
export async function scanInFlight(
  context: DrillContext,
  column: ColumnName,
  policy: MaskingPolicy,
  more: Partial<ScanOptions> = {},
): Promise<ScanResult> {
  return withPostgres(need(context, 'database').connection, async (client) => {
    const masking = createMaskingPlan(policy);
    await masking.beforeRows(client);
    const shape = await shapeOf(client, column);
    const plan = masking.plan(shape);
    if (plan.load === 'none') throw new DrillError({ code: 'internal', what: 'a cleared table cannot leak' });
    const masked = async function* (): AsyncGenerator<Buffer> {
      for await (const rows of wholeRows(client.query(copyTo(copyOut(client, shape))))) {
        yield plan.load === 'transformed' ? plan.transform(rows) : rows;
      }
    };
    return scanRows(shape, masked(), { ...scanOptions(context), ...more });
  });
}

async function shapeOf(client: Client, { schema, table }: ColumnName): Promise<TableShape> {
  const columns = (await readColumns(client)).filter((found) => found.schema === schema && found.table === table);
  return { schema, table, columns: columns.map(({ column, type }) => ({ name: column, type })) };
}

function copyOut(client: Client, { schema, table, columns }: TableShape): string {
  const names = columns.map(({ name }) => client.escapeIdentifier(name)).join(', ');
  return `COPY (SELECT ${names} FROM ${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}) TO STDOUT`;
}
