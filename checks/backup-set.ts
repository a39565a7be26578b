import { skewOf, type BackupSet } from '../domain/backup-set.ts';
import { judged, type Finding } from '../domain/finding.ts';
import type { StoreName } from '../domain/service.ts';
import { durationWords } from './words.ts';

const allStores: readonly StoreName[] = ['postgres', 'objects', 'search'];

/**
 * `backup-set`: a backup of everything is one set. Red when one of `stores` has no part in it, when a part was made for
 * another set, and when the instants that the parts cover are more than `maxSkewMs` apart. An instant that cannot be
 * read, or no store asked for, proves nothing: `inconclusive`.
 */
export function judgeBackupSet(
  set: BackupSet,
  { maxSkewMs, stores = allStores }: { maxSkewMs: number; stores?: readonly StoreName[] },
): Finding {
  const missing = stores.filter((store) => set.members[store] === undefined);
  const foreign = Object.entries(set.members).filter(([, { setId }]) => setId !== set.id);
  const skew = skewOf(set);
  // Written so that a limit that is no number accepts nothing.
  const apart = skew !== undefined && !(skew.skewMs <= maxSkewMs);
  const faults = [
    ...missing.map((store) => `${store} has no backup in the set`),
    ...foreign.map(([store, { setId }]) => `${store} was backed up for set ${setId}`),
    ...(apart ? [`${skew.newest.store} covers ${durationWords(skew.skewMs)} more than ${skew.oldest.store}`] : []),
  ];
  const unknown = skew === undefined && Object.keys(set.members).length > 0;
  const instants = Object.entries(set.members).map(([store, { coveredAt }]) => `${store} covers ${coveredAt}`);
  const proven = skew !== undefined && stores.length > 0;
  return judged('backup-set', faults.length > 0 ? 'fail' : proven ? 'pass' : 'inconclusive', {
    expected: `one set of ${stores.join(', ') || 'no store'}, at most ${durationWords(maxSkewMs)} apart`,
    actual: [
      `set ${set.id}`,
      ...faults,
      ...(unknown ? ['an instant cannot be read'] : []),
      ...(skew ? [`${durationWords(skew.skewMs)} apart`] : []),
    ].join(', '),
    // Told whatever the verdict: a recovery ends at these instants.
    ...(instants.length > 0 && { evidence: instants }),
    ...(faults.length > 0 && {
      recommendation: 'Recover from a set that is whole; back the stores up together, under one id and close in time.',
    }),
  });
}
