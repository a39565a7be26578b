import type { PeriodRun } from '../evidence/ledger-period.ts';
import { quickWords } from '../domain/quick.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';
import type { RecordFacts } from './inputs.ts';
import type { Period } from './period.ts';
import type { Outcome, ReportedRun } from './report.ts';

/**
 * How a run counts, by the verdict of its own report: what it has found to be red stays red, however it ended; one that an error
 * ended before it could judge anything proves nothing.
 */
export function outcomeOf({ end }: PeriodRun): Outcome {
  if (!end) return 'open';
  if (end.figures?.quick) return 'quick';
  if (end.figures?.sabotage !== undefined) return 'sabotaged';
  if (end.verdict === 'fail') return 'failed';
  if (end.state === 'interrupted' || end.state === 'aborted') return end.state;
  return end.state === 'finished' && end.verdict === 'pass' ? 'green' : 'inconclusive';
}

/** Whether a run says anything of the system: not one that was damaged on purpose, or was quick. */
export function isOfSystem(outcome: Outcome): boolean {
  return outcome !== 'sabotaged' && outcome !== 'quick';
}

/** Whether a run has judged the recovery: only then was the drill held. */
export function hasJudged(run: PeriodRun): boolean {
  const outcome = outcomeOf(run);
  return outcome === 'green' || outcome === 'failed';
}

/** When a run began. */
export function begunAt({ run }: PeriodRun): Date {
  return new Date(run.startedAt);
}

export function isIn({ from, to }: Period, run: PeriodRun): boolean {
  const at = begunAt(run);
  return at >= from && at < to;
}

/** A run as a line of the report. */
export function reportedRun(run: PeriodRun, facts: RecordFacts | undefined): ReportedRun {
  const { number, runId, drill, scenario, engine, startedAt } = run.run;
  const { durationMs, rtoMs, rtoTargetMs, sabotage } = run.end?.figures ?? {};
  const outcome = outcomeOf(run);
  const why = whyOf(run, outcome, facts);
  return {
    number,
    runId,
    drill,
    scenario,
    engine,
    startedAt,
    outcome,
    verdict: verdictOf(outcome),
    ...(durationMs !== undefined && { durationMs }),
    ...(rtoMs !== undefined && { rtoMs }),
    ...(rtoTargetMs !== undefined && { rtoTargetMs }),
    ...(why !== undefined && { why }),
    ...(sabotage !== undefined && { sabotage }),
  };
}

function verdictOf(outcome: Outcome): ApplicableVerdict {
  if (outcome === 'green') return 'pass';
  return outcome === 'failed' ? 'fail' : 'inconclusive';
}

/** How the red checks of a record name an error that broke off a phase. */
export const errorIn = 'error in ';

/** Why a run is not green; `undefined` for one that is. */
function whyOf({ end }: PeriodRun, outcome: Outcome, facts: RecordFacts | undefined): string | undefined {
  if (outcome === 'green') return undefined;
  if (outcome === 'open') return 'it has no end in the ledger: it still goes on, or it has died';
  if (outcome === 'quick') return quickWords;
  const red = facts?.red ?? [];
  if (outcome === 'sabotaged') {
    const turned =
      end?.verdict === 'fail' ? 'it turned red, as it should' : `it ended ${end?.verdict ?? 'without verdict'}`;
    return `played with the sabotage ${end?.figures?.sabotage ?? ''} on purpose: ${turned}`;
  }
  const [errors = [], checks = []] = [true, false].map((wanted) =>
    red.filter(({ check }) => check.startsWith(errorIn) === wanted),
  );
  const reasons = [
    ...(checks.length > 0 ? [`red: ${checks.map(({ check }) => check).join(', ')}`] : []),
    ...errors.map(({ check, actual }) => `${actual}, in the phase ${check.slice(errorIn.length)}`),
    ...(end?.reason ? [end.reason] : []),
  ];
  return reasons.length > 0 ? reasons.join('; ') : 'its record does not say why';
}
