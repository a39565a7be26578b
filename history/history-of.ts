import type { LedgerEnd } from '../domain/ledger.ts';
import { hasJudged, reportedRun } from '../quarterly/runs.ts';
import type { NightlyPlan } from '../schedule/plan.ts';
import { monthsOf, weeksOf } from './calendar.ts';
import { coverageOf } from './coverage.ts';
import type { DrillHistory, RunWithoutResult, ScenarioState } from './history.ts';
import type { HistoryInputs } from './inputs.ts';
import { planOf } from './plan.ts';
import { daysSince, lastGreenOf, runsOf } from './runs-of.ts';
import { trendsOf } from './trends.ts';

/** All that the dashboard shows; pure: it reads nothing and asks nobody. The same inputs give the same history. */
export function historyOf(inputs: HistoryInputs): DrillHistory {
  const { now, firedrill, runs, beganAt, head, missing, problems } = inputs;
  const plan = planOf(inputs);
  const states = statesOf(inputs, plan);
  return {
    generatedAt: now.toISOString(),
    firedrill,
    ledger: { runs: runs.length, ...(beganAt !== undefined && { beganAt }), ...(head && { head }), problems },
    states,
    lots: plan.lots,
    reminders: plan.reminders,
    gaps: plan.gaps,
    coverage: coverageOf(inputs, states),
    weeks: weeksOf(inputs),
    months: monthsOf(inputs),
    trends: trendsOf(runs),
    withoutResult: withoutResultOf(inputs),
    missing: missing.toReversed(),
  };
}

function statesOf(inputs: HistoryInputs, { entries }: NightlyPlan): ScenarioState[] {
  const { runbooks, runs, now } = inputs;
  return runbooks.flatMap(({ name: runbook, scenarios }) =>
    Object.entries(scenarios).map(([scenario, { drill }]): ScenarioState => {
      const own = runsOf({ runbook, drill }, runs);
      const entry = entries.find((one) => one.name === drill);
      const [last] = own;
      const judged = own.find(hasJudged);
      const green = lastGreenOf(own);
      return {
        runbook,
        scenario,
        drill,
        exists: entry !== undefined,
        ...(last && { last: reportedRun(last, undefined) }),
        ...(judged && { judged: reportedRun(judged, undefined) }),
        ...(green && {
          lastGreen: { run: green.run.number, at: green.run.startedAt, daysAgo: daysSince(green, now) },
        }),
        reasons: entry?.reasons ?? [],
        ...(entry?.nextDueAt !== undefined && { nextDueAt: entry.nextDueAt }),
      };
    }),
  );
}

/** Runs that were aborted or interrupted, have no end, or failed before there was anything to judge. */
function withoutResultOf({ runs }: HistoryInputs): RunWithoutResult[] {
  return runs.toReversed().flatMap((run) => {
    if (run.end?.figures !== undefined && run.end.state === 'finished') return [];
    const { outcome, number, runId, drill, startedAt, why = '' } = reportedRun(run, undefined);
    const isSilent = run.end !== undefined && run.end.reason === undefined;
    return [{ number, runId, drill, startedAt, outcome, why: isSilent ? silent[run.end?.state ?? 'failed'] : why }];
  });
}

/** Of a run whose end the ledger gives no reason for. */
const silent: Record<LedgerEnd['state'], string> = {
  finished: 'it has left no figures',
  interrupted: 'it was stopped before its end; its report says where',
  failed: 'an error ended it; its report says which',
  aborted: 'its process died',
};
