import type { Flakiness, RunFact } from '../domain/nightly.ts';
import type { SourceState } from '../domain/source-state.ts';

/**
 * Drills that were red and later green although they ran on the same: files, runbook, schema, engine, size, way and fault; the
 * last such pair of each. Runs that were sabotaged, or quick, say nothing about it. Records of earlier versions do not name the digest
 * of their files: these are compared by the git revision, and whether files were changed beside it is not known.
 */
export function flakinessOf(runs: readonly RunFact[]): Flakiness[] {
  const found = new Map<string, Flakiness>();
  const red = new Map<string, RunFact>();
  const inOrder = runs.toSorted((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
  for (const run of inOrder) {
    const { drill, engine, verdict, runId } = run;
    const source = sourceOf(run);
    if (run.quick) continue;
    if (source === undefined || run.sabotage !== undefined || run.state === 'interrupted') continue;
    const { rows, from, chosenFault, runbookSha256, schemaSha256 } = run;
    const key = JSON.stringify([drill, source, engine, rows, from, chosenFault, runbookSha256, schemaSha256]);
    if (verdict === 'fail') red.set(key, run);
    const before = red.get(key);
    if (verdict === 'pass' && before) {
      const { gitRevision, sourceSha256 } = run;
      found.set(key, {
        drill,
        ...(gitRevision !== undefined && { gitRevision }),
        ...(sourceSha256 !== undefined && { sourceSha256 }),
        engine,
        redRunId: before.runId,
        greenRunId: runId,
      });
      // Green runs after it are none of the pair.
      red.delete(key);
    }
  }
  return [...found.values()].toSorted((one, other) => one.drill.localeCompare(other.drill));
}

type Source = Pick<SourceState, 'gitRevision' | 'sourceSha256'>;

/** Whether two runs are known to have run on the same files. */
export function isSameSource(one: Source, other: Source): boolean {
  const source = sourceOf(one);
  return source !== undefined && source === sourceOf(other);
}

function sourceOf({ gitRevision, sourceSha256 }: Source): string | undefined {
  return sourceSha256 ?? gitRevision;
}
