import { judgeCanariesAfter } from '../../checks/masking.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { MaskingPolicy } from '../../domain/masking.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { scanInFlight, withRuleOff, type ColumnName } from './scan-in-flight.ts';

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

/** The policy with the rule of one column off: the first column with a canary that is not kept as it is. */
function ruleOff(context: DrillContext, policy: MaskingPolicy): { column: ColumnName; policy: MaskingPolicy } {
  for (const { kind, place } of need(context, 'seed').canaries) {
    const [schema = '', table = '', column = ''] = place.split('.');
    const rules = policy.tables[`${schema}.${table}`]?.columns;
    const rule = rules?.[column];
    if (kind !== 'column' || !rules || !rule || rule.kind === 'keep') continue;
    const name = { schema, table, column };
    return { column: name, policy: withRuleOff(policy, name) };
  }
  throw new DrillError({
    code: 'configuration',
    what: 'no masking rule can be switched off to test the scanner',
    expected: 'a canary in a column that the policy masks',
  });
}
