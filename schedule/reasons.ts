import { nextDrillAt } from '../domain/cadence.ts';
import type { Lot, ProofFact } from '../domain/nightly.ts';
import type { RunbookExercise } from '../domain/runbook.ts';
import { isGreen, newest } from './last-runs.ts';
import type { PlannedDrill, PlannedRunbook } from './programme.ts';

export interface ReasonsInput {
  runbook: PlannedRunbook;
  exercises: readonly RunbookExercise[];
  /** Of this drill. */
  runs: readonly ProofFact[];
  now: Date;
  /** Of the runbook's lots, those that fell on this drill. */
  lots: readonly Lot[];
}

/** Why a drill is due, in words, each reason once; an empty list when it is not. */
export function reasonsOf(drill: PlannedDrill, { runbook, exercises, runs, now, lots }: ReasonsInput): string[] {
  const lastGreen = newest(runs.filter(isGreen));
  const last = newest(runs.filter(({ sabotage, quick }) => sabotage === undefined && quick === undefined));
  const reasons = exercises.flatMap((exercise) => {
    if (exercise.kind === 'scenarios') {
      const asked = exercise.scenarios === undefined || exercise.scenarios.includes(drill.scenario);
      return asked ? byCalendar(exercise, lastGreen, now) : [];
    }
    if (exercise.kind === 'after-change') return changes(runbook, lastGreen);
    return [];
  });
  const drawn = lots
    .filter(({ period }) => !runs.some((run) => isGreen(run) && run.startedAt.slice(0, 10) >= period))
    .map(({ period, seed }) => `drawn by lot for the period from ${period}, seed ${seed}`);
  return [...new Set([...reasons, ...drawn, ...stillRed(last)])];
}

function byCalendar(
  { frequency }: Extract<RunbookExercise, { kind: 'scenarios' }>,
  lastGreen: ProofFact | undefined,
  now: Date,
): string[] {
  if (!lastGreen) return ['it was never green'];
  const dueAt = nextDrillAt(new Date(lastGreen.startedAt), frequency);
  const greenOn = lastGreen.startedAt.slice(0, 10);
  return now.toISOString() < dueAt ? [] : [`${frequency}: last green on ${greenOn}, due since ${dueAt.slice(0, 10)}`];
}

function changes(runbook: PlannedRunbook, lastGreen: ProofFact | undefined): string[] {
  if (!lastGreen) return ['it was never green'];
  const changed = [
    ...(lastGreen.runbookSha256 === runbook.sha256 ? [] : ['the runbook']),
    ...(lastGreen.schemaSha256 === runbook.schemaSha256 ? [] : ['the schema']),
  ];
  return changed.map((what) => `${what} is not the one of its last green run ${lastGreen.runId}`);
}

/** A recovery that did not work keeps every night red until it works again. */
function stillRed(last: ProofFact | undefined): string[] {
  if (!last || isGreen(last)) return [];
  const end = { ...howItEnded, finished: last.verdict }[last.state];
  return [`its last run ${last.runId} was not green: ${end}`];
}

/** A record that still says `running` is of a process that died, or of one that is at it now. */
const howItEnded = {
  running: 'it has not come to its end',
  interrupted: 'interrupted',
  failed: 'it broke off',
} as const;
