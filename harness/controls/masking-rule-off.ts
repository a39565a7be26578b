import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { judgeCanariesAfter } from '../../checks/masking.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { MaskingPolicy, ScanResult, TableShape } from '../../domain/masking.ts';
import { readColumns } from '../../masking/columns.ts';
import { createMaskingPlan } from '../../masking/plan.ts';
import { scanRows } from '../../masking/scan.ts';
import { wholeRows } from '../../masking/scanner/whole-rows.ts';
import { withPostgres } from '../../stack/clients.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { scanOptions } from '../steps/leaks.ts';

/** One column's rule is switched off: the scanner, which knows nothing of the policy, must find what it lets through. */
export const maskingRuleOff: Control = {
  name: 'masking-rule-off',
  title: 'One masking rule is off',
  expectedCheck: 'masking.canaries-after',
  expectedVerdict: 'fail',
  alsoRed: ['masking.leaks', 'masking.rules'],
  async verify(context) {
    const { canaries } = need(context, 'seed');
    const { column, policy } = ruleOff(context, context.runbook.masking);
    return [judgeCanariesAfter(canaries, await scanInFlight(context, column, policy))];
  },
  sabotage: { alterPolicy: (policy, context) => ruleOff(context, policy).policy },
};

interface ColumnName {
  schema: string;
  table: string;
  column: string;
}

/** The policy with the rule of one column off: the first column with a canary that is not kept as it is. */
function ruleOff(context: DrillContext, policy: MaskingPolicy): { column: ColumnName; policy: MaskingPolicy } {
  for (const { kind, place } of need(context, 'seed').canaries) {
    const [schema = '', table = '', column = ''] = place.split('.');
    const rules = policy.tables[`${schema}.${table}`]?.columns;
    const rule = rules?.[column];
    if (kind !== 'column' || !rules || !rule || rule.kind === 'keep') continue;
    const altered = {
      ...policy.tables[`${schema}.${table}`],
      columns: { ...rules, [column]: { kind: 'keep' as const } },
    };
    return {
      column: { schema, table, column },
      policy: { tables: { ...policy.tables, [`${schema}.${table}`]: altered } },
    };
  }
  throw new DrillError({
    code: 'configuration',
    what: 'no masking rule can be switched off to test the scanner',
    expected: 'a canary in a column that the policy masks',
  });
}

/**
 * Masks the column's table by the policy and scans what comes out. The rows go from the recovered server through the
 * masker into the scanner; they are not loaded anywhere.
 */
async function scanInFlight(context: DrillContext, column: ColumnName, policy: MaskingPolicy): Promise<ScanResult> {
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
    return scanRows(shape, masked(), scanOptions(context));
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
