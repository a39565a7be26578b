import { judgeClassified } from '../../checks/masking.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { MaskingPolicy } from '../../domain/masking.ts';
import { policyProblems, readColumns } from '../../masking/policy.ts';
import { withPostgres } from '../../stack/clients.ts';
import { need } from '../context.ts';
import type { Control } from '../definition.ts';

/** One column has no rule, as after a migration that nobody told the policy of. */
export const columnUnclassified: Control = {
  name: 'column-unclassified',
  title: 'One column has no masking rule',
  expectedCheck: 'masking.classified',
  expectedVerdict: 'fail',
  async verify(context) {
    const columns = await withPostgres(need(context, 'database').connection, readColumns);
    const problems = policyProblems(withoutOne(context.runbook.masking), columns);
    return [judgeClassified({ columns: columns.length, problems })];
  },
  sabotage: { alterPolicy: withoutOne },
};

/** The policy without the last column of its first table that has rules. */
function withoutOne(policy: MaskingPolicy): MaskingPolicy {
  const found = Object.entries(policy.tables).find(([, table]) => Object.keys(table.columns).length > 0);
  if (!found) throw new DrillError({ code: 'configuration', what: 'the masking policy has no column to take away' });
  const [name, table] = found;
  const columns = Object.fromEntries(Object.entries(table.columns).slice(0, -1));
  return { tables: { ...policy.tables, [name]: { ...table, columns } } };
}
