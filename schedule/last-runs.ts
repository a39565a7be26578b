import type { ProofFact } from '../domain/nightly.ts';

/** It proved the recovery: finished, passed, and nobody had sabotaged it. */
export function isGreen({ state, verdict, sabotage }: ProofFact): boolean {
  return state === 'finished' && verdict === 'pass' && sabotage === undefined;
}

/** The run that began last; `undefined` when there is none. */
export function newest(runs: readonly ProofFact[]): ProofFact | undefined {
  return runs.toSorted((one, other) => (one.startedAt < other.startedAt ? 1 : -1))[0];
}
