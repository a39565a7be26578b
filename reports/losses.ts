import type { DrillRecord, RpoRecord } from '../domain/record.ts';
import type { StoreName } from '../domain/service.ts';

/** How the acknowledged writes of a store lie to the fault; instants in milliseconds from it, negative before it. */
export interface StoreLoss {
  store: StoreName;
  markers: NonNullable<RpoRecord['markers']>;
  /** Absent when none from before the fault survived. */
  newestSurvivorMs?: number;
  /** Absent when none was lost. */
  firstLostMs?: number;
  lastLostMs?: number;
  /** The instant that the content of the store covers; absent where it has none. */
  recoveryPointMs?: number;
  measuredMs?: number;
  targetMs: number;
}

/**
 * Writes that are lost because a store beside the one that they were written into has lost its part of them: an upload
 * whose row is gone. Empty where there are none, and in records of earlier versions.
 */
export function lostElsewhere({ rpo }: DrillRecord): { store: StoreName; from: StoreName; writes: number }[] {
  return rpo.flatMap(({ store, lostFrom = [] }) =>
    lostFrom
      .filter((part) => part.store !== store && part.writes > 0)
      .map((part) => ({ store, from: part.store, writes: part.writes })),
  );
}

/** The stores whose writes were recorded one by one; none without a fault, and in records of earlier versions. */
export function lossesOf({ rpo, fault, recoveryPoints = [] }: DrillRecord): StoreLoss[] {
  if (!fault) return [];
  const faultMs = Date.parse(fault.injectedAt);
  return rpo.flatMap(({ store, markers = [], measuredMs, targetMs }): StoreLoss[] => {
    if (markers.length === 0) return [];
    const newest = markers.findLast(({ atMs, survived }) => survived && atMs <= 0);
    const lost = markers.filter(({ survived }) => !survived);
    const coveredAt = recoveryPoints.find((point) => point.store === store)?.coveredAt;
    return [
      {
        store,
        markers,
        targetMs,
        ...(newest && { newestSurvivorMs: newest.atMs }),
        ...(lost[0] && { firstLostMs: lost[0].atMs, lastLostMs: lost.at(-1)?.atMs ?? lost[0].atMs }),
        ...(coveredAt !== undefined && { recoveryPointMs: Date.parse(coveredAt) - faultMs }),
        ...(measuredMs !== undefined && { measuredMs }),
      },
    ];
  });
}
