import type { DrillRecord } from '../domain/record.ts';
import type { ReconciliationRecord } from '../domain/record-recovery.ts';

/** What each bucket or index was found to be the last time that it was compared: after the repair, where there was one. */
export function lastReconciliations({ reconciliations = [] }: DrillRecord): ReconciliationRecord[] {
  const byPlace = new Map<string, ReconciliationRecord>();
  for (const moment of ['recovered', 'repaired'] as const) {
    for (const line of reconciliations) {
      if (line.moment === moment) byPlace.set(JSON.stringify([line.store, line.scope]), line);
    }
  }
  return [...byPlace.values()];
}
