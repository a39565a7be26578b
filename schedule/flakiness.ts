import type { Flakiness, RunFact } from '../domain/nightly.ts';

/**
 * Drills that were red and later green on the same git revision, runbook, schema, engine, size, way and fault: the
 * last such pair of each. Runs that were sabotaged say nothing about it. Whether files were changed and not committed is not known.
 */
export function flakinessOf(runs: readonly RunFact[]): Flakiness[] {
  const found = new Map<string, Flakiness>();
  const red = new Map<string, RunFact>();
  const inOrder = runs.toSorted((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
  for (const run of inOrder) {
    const { drill, engine, gitRevision, verdict, runId } = run;
    if (gitRevision === undefined || run.sabotage !== undefined || run.state === 'interrupted') continue;
    const { rows, from, chosenFault, runbookSha256, schemaSha256 } = run;
    const key = JSON.stringify([drill, gitRevision, engine, rows, from, chosenFault, runbookSha256, schemaSha256]);
    if (verdict === 'fail') red.set(key, run);
    const before = red.get(key);
    if (verdict === 'pass' && before) {
      found.set(key, { drill, gitRevision, engine, redRunId: before.runId, greenRunId: runId });
      // Green runs after it are none of the pair.
      red.delete(key);
    }
  }
  return [...found.values()].toSorted((one, other) => one.drill.localeCompare(other.drill));
}
