import type { StoreName } from './service.ts';

/** One store's part of a backup of everything. */
export interface BackupSetMember {
  /** Id of the set that it was made for, as written beside the backup itself. */
  setId: string;
  /** ISO 8601 with `Z` or an offset: the instant that its data covers. */
  coveredAt: string;
  /** Where its manifest lies in the backup store. */
  manifestKey: string;
}

/** A backup of everything: one id, and each store with the instant that it covers. */
export interface BackupSet {
  id: string;
  members: Partial<Record<StoreName, BackupSetMember>>;
}

/** How far apart the instants are that the stores of a set cover. */
export interface BackupSetSkew {
  skewMs: number;
  oldest: { store: StoreName; coveredAt: string };
  newest: { store: StoreName; coveredAt: string };
}

/**
 * Measures the skew between the instants of a set: the newest minus the oldest, in milliseconds, 0 for one store alone.
 * `undefined` for a set without stores, and when an instant cannot be read or does not say its offset from UTC: a
 * skew over the rest would look better than it is.
 */
export function skewOf({ members }: BackupSet): BackupSetSkew | undefined {
  const instants = (Object.entries(members) as [StoreName, BackupSetMember][])
    .map(([store, { coveredAt }]) => ({ store, coveredAt, ms: instantMs(coveredAt) }))
    .sort((one, other) => one.ms - other.ms);
  const [first, last] = [instants[0], instants.at(-1)];
  if (first === undefined || last === undefined || instants.some(({ ms }) => Number.isNaN(ms))) return undefined;
  return {
    skewMs: last.ms - first.ms,
    oldest: { store: first.store, coveredAt: first.coveredAt },
    newest: { store: last.store, coveredAt: last.coveredAt },
  };
}

/** Without an offset, `Date.parse` would take the text for the time of this machine's zone. */
function instantMs(text: string): number {
  return /T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
}
