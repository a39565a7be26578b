import { nextDrillAt } from '../domain/cadence.ts';
import type { Gap, ProofFact } from '../domain/nightly.ts';
import { isGreen, newest } from './last-runs.ts';
import { exercisesOf, type PlannedDrill, type PlannedRunbook } from './programme.ts';

const dayMs = 86_400_000;

/**
 * Where the programme of a runbook has holes before this night: a scenario without a drill, one that no exercise asks
 * for, one that was never green, and one that nights have passed over although it was due.
 */
export function gapsOf(
  runbook: PlannedRunbook,
  { drills, runs, now }: { drills: readonly PlannedDrill[]; runs: readonly ProofFact[]; now: Date },
): Gap[] {
  return Object.entries(runbook.scenarios).flatMap(([scenario, { drill }]) => {
    const known = drills.some(({ name }) => name === drill);
    const own = runs.filter((run) => run.drill === drill);
    const what = known ? holeOf(runbook, scenario, own, now) : 'there is no such drill';
    return what === undefined ? [] : [{ runbook: runbook.name, scenario, drill, what }];
  });
}

function holeOf(runbook: PlannedRunbook, scenario: string, runs: readonly ProofFact[], now: Date): string | undefined {
  const exercises = exercisesOf(runbook)
    .filter((exercise) => exercise.kind === 'scenarios')
    .filter(({ scenarios }) => scenarios === undefined || scenarios.includes(scenario));
  if (exercises.length === 0) return 'no exercise asks for it by the calendar';
  if (runs.length === 0) return 'it was never run';
  const lastGreen = newest(runs.filter(isGreen));
  if (!lastGreen) return `it was never green in ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  const [dueAt = ''] = exercises
    .map(({ frequency }) => nextDrillAt(new Date(lastGreen.startedAt), frequency))
    .toSorted();
  const daysOver = Math.floor((now.getTime() - Date.parse(dueAt)) / dayMs);
  return daysOver < 1
    ? undefined
    : `due since ${dueAt.slice(0, 10)}, ${daysOver} ${daysOver === 1 ? 'day' : 'days'} ago`;
}
