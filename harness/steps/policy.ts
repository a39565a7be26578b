import { judgeClassified } from '../../checks/masking.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { MaskingPolicy } from '../../domain/masking.ts';
import { policyProblems, readColumns } from '../../masking/policy.ts';
import { withPostgres } from '../../stack/clients.ts';
import { need, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';

/** The policy that rows will be masked by: the runbook's, or what a sabotage makes of it. */
export function maskingPolicy(context: DrillContext): MaskingPolicy {
  const { runbook, sabotage } = context;
  return sabotage.alterPolicy?.(runbook.masking, context) ?? runbook.masking;
}

/** A column without a rule is found before the system is broken, not when the copy is asked for. */
export const policyComplete: DrillStep = {
  name: 'policy',
  title: 'Every column is classified in the masking policy',
  phase: 'steady-state',
  async execute(context) {
    const columns = await withPostgres(need(context, 'database').connection, readColumns);
    const problems = policyProblems(maskingPolicy(context), columns);
    context.judge([judgeClassified({ columns: columns.length, problems })]);
    if (problems.length === 0) return;
    throw new DrillError({
      code: 'policy-incomplete',
      what: `the masking policy has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}`,
      expected: 'every column classified by a rule that fits it',
      where: context.record.runbook.file,
      hint: problems.join('\n'),
    });
  },
};
