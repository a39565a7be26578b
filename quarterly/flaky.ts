import type { RunFact } from '../domain/nightly.ts';
import type { PeriodRun } from '../evidence/ledger-period.ts';
import { flakinessOf } from '../schedule/flakiness.ts';
import type { QuarterInputs, RecordFacts } from './inputs.ts';
import type { FlakyPair } from './report.ts';
import { isIn, outcomeOf } from './runs.ts';

/**
 * Drills that were red and later green in the period although nothing of the project had changed, as nights mark them:
 * the last such pair of each. Runs whose record is missing say nothing about it.
 */
export function flakyOf({ period, ledger, records }: QuarterInputs): FlakyPair[] {
  const runs = ledger.runs.filter((run) => isIn(period, run));
  const numbers = new Map(runs.map(({ run }) => [run.runId, run.number]));
  const facts = runs.flatMap((run) => factOf(run, records.get(run.run.number)) ?? []);
  return flakinessOf(facts).map(({ drill, gitRevision, sourceSha256, redRunId, greenRunId }) => ({
    drill,
    ...(gitRevision !== undefined && { gitRevision }),
    ...(sourceSha256 !== undefined && { sourceSha256 }),
    red: numbers.get(redRunId) ?? 0,
    green: numbers.get(greenRunId) ?? 0,
  }));
}

function factOf(run: PeriodRun, facts: RecordFacts | undefined): RunFact | undefined {
  if (!facts || !run.end) return undefined;
  const { runId, drill, startedAt, runbook } = run.run;
  const { sabotage, quick } = run.end.figures ?? {};
  const { from, chosenFault, setting } = facts;
  const { state } = run.end;
  return {
    runId,
    drill,
    startedAt,
    ...setting,
    state: state === 'aborted' ? 'running' : state,
    verdict: verdictOf(run),
    runbookSha256: runbook.sha256,
    ...(sabotage !== undefined && { sabotage }),
    ...(quick && { quick }),
    ...(from !== undefined && { from }),
    ...(chosenFault !== undefined && { chosenFault }),
  };
}

function verdictOf(run: PeriodRun): RunFact['verdict'] {
  const outcome = outcomeOf(run);
  if (outcome === 'green') return 'pass';
  return outcome === 'failed' ? 'fail' : 'inconclusive';
}
