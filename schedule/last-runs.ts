import type { ProofFact } from '../domain/nightly.ts';

/** It proved the recovery: finished, passed, nobody had sabotaged it, and it was not a quick one. */
export function isGreen({ state, verdict, sabotage, quick }: ProofFact): boolean {
  return state === 'finished' && verdict === 'pass' && sabotage === undefined && quick === undefined;
}

/** The run that began last; `undefined` when there is none. */
export function newest(runs: readonly ProofFact[]): ProofFact | undefined {
  return runs.toSorted((one, other) => (one.startedAt < other.startedAt ? 1 : -1))[0];
}
