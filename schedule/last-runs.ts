import type { RunFact } from '../domain/nightly.ts';

/** It proved the recovery: finished, passed, and nobody had sabotaged it. */
export function isGreen({ state, verdict, sabotage }: RunFact): boolean {
  return state === 'finished' && verdict === 'pass' && sabotage === undefined;
}

/** The run that began last; `undefined` when there is none. */
export function newest(runs: readonly RunFact[]): RunFact | undefined {
  return runs.toSorted((one, other) => (one.startedAt < other.startedAt ? 1 : -1))[0];
}
