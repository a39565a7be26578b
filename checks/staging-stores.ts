import { finding, type Finding } from '../domain/finding.ts';
import type { StagingStoreObservation } from '../domain/masking.ts';
import { evidenceOf } from './integrity-differences.ts';

/** What the staging application writes arrives in the stores of the copy, and in none of production. */
export function judgeStagingStores(stores: readonly StagingStoreObservation[]): Finding {
  const wrong = stores.flatMap(({ store, path, inCopy, inProduction }) => [
    ...(inProduction ? [`${store}: what was written by ${path} is in production`] : []),
    ...(inCopy ? [] : [`${store}: what was written by ${path} is not in the copy`]),
  ]);
  return finding('masking.stores', stores.length > 0 && wrong.length === 0, {
    expected: 'the staging application writes into the copy, and nowhere else',
    actual:
      wrong.length === 0
        ? `a write of its own found in each of ${stores.length} stores of the copy, none in production`
        : `${wrong.length} writes elsewhere, or nowhere`,
    evidence: evidenceOf(wrong),
    recommendation: 'Do not open the staging system: its application is connected to stores of production.',
    otherwise: stores.length === 0 ? 'inconclusive' : 'fail',
  });
}
