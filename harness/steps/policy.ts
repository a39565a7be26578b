import { judgeClassified } from '../../checks/masking.ts';
import { judgeKept } from '../../checks/masking-kept.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { Finding } from '../../domain/finding.ts';
import type { MaskingPolicy } from '../../domain/masking.ts';
import { observeKept } from '../../masking/kept.ts';
import { partitionProblems, readMaskedKeys } from '../../masking/partition-keys.ts';
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
  title: 'Every column is classified in the masking policy, and what is kept may be kept',
  phase: 'steady-state',
  async execute(context) {
    const policy = maskingPolicy(context);
    const { columns, problems } = await withPostgres(need(context, 'database').connection, async (client) => {
      const found = await readColumns(client);
      return {
        columns: found,
        problems: [
          ...policyProblems(policy, found),
          ...(await partitionProblems(client, policy, await readMaskedKeys(client, policy))),
        ],
      };
    });
    const kept = await judgeKeptColumns(context, policy);
    context.judge([judgeClassified({ columns: columns.length, problems }), kept]);
    if (problems.length === 0 && kept.verdict !== 'fail') return;
    if (problems.length === 0) throw keptWithoutReason(context, kept);
    throw new DrillError({
      code: 'policy-incomplete',
      what: `the masking policy has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}`,
      expected: 'every column classified by a rule that fits it',
      where: context.record.runbook.file,
      hint: problems.join('\n'),
    });
  },
};

/** Whether the running system holds secrets or free text in columns that a policy keeps without a reason. */
export async function judgeKeptColumns(context: DrillContext, policy: MaskingPolicy): Promise<Finding> {
  const { connection } = need(context, 'database');
  return judgeKept(await withPostgres(connection, (client) => observeKept(client, policy)));
}

function keptWithoutReason({ record }: DrillContext, { expected, actual, evidence = [] }: Finding): DrillError {
  return new DrillError({
    code: 'policy-incomplete',
    what: 'the masking policy keeps what looks like secrets or free text',
    expected,
    actual,
    where: record.runbook.file,
    hint: evidence.join('\n'),
  });
}
