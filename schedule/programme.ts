import type { Runbook, RunbookExercise } from '../domain/runbook.ts';

export interface PlannedDrill {
  name: string;
  /** Name of the runbook that it rehearses. */
  runbook: string;
  scenario: string;
}

export type PlannedRunbook = Pick<Runbook, 'name' | 'sha256' | 'cadence'> & {
  scenarios: Readonly<Record<string, { drill: string }>>;
  /** Of the system's schema as it is now. */
  schemaSha256: string;
};

/** What a runbook without a list of exercises asks for: every scenario at its frequency. */
export function exercisesOf({ cadence }: Pick<PlannedRunbook, 'cadence'>): RunbookExercise[] {
  return cadence.exercises ?? [{ kind: 'scenarios', frequency: cadence.frequency }];
}
