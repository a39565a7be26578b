import type { KeyVersions, ObjectVersion } from './object-versions.ts';

/** What is known of a key that was found damaged or missing. A key of which nothing is known is not damaged. */
export interface KeyDamage {
  /** Versions whose content was found to be another than expected. */
  damagedVersionIds: ReadonlySet<string>;
  /** Versions whose content was found to be the expected one, by checksum. */
  goodVersionIds?: ReadonlySet<string>;
}

export type LostReason =
  | 'no version is left'
  | 'no version is as old as the instant'
  | 'the version of the instant holds other content'
  | 'the object was deleted before the instant';

/** What must be done to a key. */
export type VersionAction =
  | { kind: 'keep'; key: string }
  /** Write this version once more, as the newest. */
  | { kind: 'copy'; key: string; versionId: string }
  /** Remove these delete markers; then this version is the newest. */
  | { kind: 'remove-markers'; key: string; markerIds: string[]; versionId: string }
  | { kind: 'lost'; key: string; reason: LostReason };

/**
 * Decides, for one key, what must be done so that it is again what it was just before an instant. Pure, and the same
 * for the same history.
 *
 * - A key without damage is kept, and so is one whose newest version is not known to be damaged: what the application
 *   wrote since the damage stays.
 * - Otherwise the newest version whose content is proved good is put back, also when it is younger than the instant:
 *   the application wrote it while the damage went on, before its key was hit.
 * - Without proof it is the version that was the newest just before the instant, if that is not damaged itself.
 * - Where there is none the key is lost and nothing is done to it. An older version is never taken for the one of the
 *   instant.
 *
 * @param before versions of exactly this instant or later do not count as before it.
 */
export function chooseVersion({ key, versions }: KeyVersions, before: Date, damage?: KeyDamage): VersionAction {
  const newest = versions[0];
  if (damage === undefined) return { kind: 'keep', key };
  if (newest && !newest.isDeleteMarker && !damage.damagedVersionIds.has(newest.versionId)) return { kind: 'keep', key };
  const target = targetOf(versions, before, damage);
  if (typeof target === 'string') return { kind: 'lost', key, reason: target };
  const above = versions.slice(0, versions.indexOf(target));
  if (above.every(({ isDeleteMarker }) => isDeleteMarker)) {
    const markerIds = above.map(({ versionId }) => versionId);
    return { kind: 'remove-markers', key, markerIds, versionId: target.versionId };
  }
  return { kind: 'copy', key, versionId: target.versionId };
}

function targetOf(
  versions: readonly ObjectVersion[],
  before: Date,
  { damagedVersionIds, goodVersionIds }: KeyDamage,
): ObjectVersion | LostReason {
  const proved = versions.find(({ isDeleteMarker, versionId }) => !isDeleteMarker && goodVersionIds?.has(versionId));
  if (proved) return proved;
  if (versions.every(({ isDeleteMarker }) => isDeleteMarker)) return 'no version is left';
  const atInstant = versions.find(({ lastModified }) => lastModified.getTime() < before.getTime());
  if (atInstant === undefined) return 'no version is as old as the instant';
  if (atInstant.isDeleteMarker) return 'the object was deleted before the instant';
  if (damagedVersionIds.has(atInstant.versionId)) return 'the version of the instant holds other content';
  return atInstant;
}
