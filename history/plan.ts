import type { ProofFact } from '../domain/nightly.ts';
import type { PeriodRun } from '../evidence/ledger-period.ts';
import { planNightly, type NightlyPlan } from '../schedule/plan.ts';
import type { HistoryInputs } from './inputs.ts';

/** What would be due if tonight were a night of drills, told from the ledger and the schemas of the last green runs. */
export function planOf({ drills, runbooks, runs, proofs, now }: HistoryInputs): NightlyPlan {
  const records = runs.map((run) => factOf(run, proofs.get(run.run.number)?.schemaSha256));
  return planNightly({ drills, runbooks, records, now, dueOnly: true });
}

/** To the plan a run without an end, or one that died, is one that never finished. */
function factOf({ run, end }: PeriodRun, schemaSha256: string | undefined): ProofFact {
  const { runId, drill, startedAt, runbook } = run;
  const { sabotage, quick } = end?.figures ?? {};
  const state = end?.state;
  return {
    runId,
    drill,
    startedAt,
    state: state === undefined || state === 'aborted' ? 'running' : state,
    verdict: end?.verdict ?? 'inconclusive',
    runbookSha256: runbook.sha256,
    ...(sabotage !== undefined && { sabotage }),
    ...(quick && { quick }),
    ...(schemaSha256 !== undefined && { schemaSha256 }),
  };
}
