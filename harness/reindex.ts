import { DrillError } from '../domain/drill-error.ts';
import type { MarkerAccess, ReindexResult } from '../domain/system.ts';
import type { DrillContext } from './context.ts';

/**
 * Rebuilds the search of a system through its own application; with `changedSince` (ISO 8601) only what changed since.
 * Throws a `DrillError` (`configuration`) for a system that cannot.
 */
export async function reindex(
  context: DrillContext,
  access: MarkerAccess,
  changedSince?: string,
): Promise<ReindexResult> {
  const { system, signal } = context;
  if (system.reindex) {
    return system.reindex(access, {
      progress: context.progress(),
      signal,
      ...(changedSince !== undefined && { changedSince }),
    });
  }
  throw new DrillError({
    code: 'configuration',
    what: 'the system has no search that could be rebuilt',
    expected: 'a system with `reindex`',
    actual: system.name,
  });
}
