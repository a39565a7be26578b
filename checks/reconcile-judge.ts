import { judged, type Finding } from '../domain/finding.ts';
import {
  differenceKinds,
  reconciledStores,
  type Difference,
  type DifferenceKind,
  type ReconciledStore,
  type Reconciliation,
  type ReconciliationTolerance,
} from '../domain/reconciliation.ts';
import type { Verdict } from '../domain/verdict.ts';

const evidenceLimit = 10;
const digestCharacters = 40;

const phrases: Record<ReconciledStore, Record<DifferenceKind, string>> = {
  objects: {
    dangling: 'rows without their object',
    orphan: 'objects without a row',
    stale: 'objects with another content than their row says',
    uncompared: 'objects whose content is not known on both sides',
  },
  search: {
    dangling: 'documents without their row',
    orphan: 'rows without their document',
    stale: 'documents with another content than their row',
    uncompared: 'documents whose content is not known on both sides',
  },
};

const recommendations: Record<ReconciledStore, string> = {
  objects:
    'Restore the objects that rows refer to from their versions or the backup; put those without a row into quarantine, do not delete them.',
  search: 'Reindex what is missing or stale from the database, and remove the documents that have no row.',
};

/**
 * `reconciliation.objects`, `reconciliation.search`: rows and store agree by content, but for what the tolerance of
 * that store accepts of each kind. One finding for each of `stores`, over all its buckets or indexes; one about which
 * there is no result, or of which nothing was compared, is `inconclusive`, and so are contents that are not known.
 * Differences are listed whatever the verdict, by their keys, ids and digests: nothing of a row's content.
 */
export function judgeReconciliation(
  results: readonly Reconciliation[],
  tolerance: Partial<Record<ReconciledStore, ReconciliationTolerance>> = {},
  stores: readonly ReconciledStore[] = reconciledStores,
): Finding[] {
  return stores.map((store) =>
    judgeStore(
      store,
      results.filter(({ pair }) => pair[1] === store),
      tolerance[store] ?? {},
    ),
  );
}

function judgeStore(
  store: ReconciledStore,
  results: readonly Reconciliation[],
  tolerance: ReconciliationTolerance,
): Finding {
  const sum = (count: (result: Reconciliation) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const counts = differenceKinds.map((kind) => ({
    kind,
    count: sum(({ differences }) => differences[kind].count),
    accepted: tolerance[kind] ?? 0,
  }));
  // Written so that a tolerance that is no number accepts nothing.
  const over = counts.filter(({ count, accepted }) => !(count <= accepted)).map(({ kind }) => kind);
  const compared = sum((result) => result.compared);
  const verdict = verdictOf(over, compared);
  const found = counts.filter(({ count }) => count > 0);
  const evidence = found.flatMap(({ kind, count }) => listOf(store, kind, count, results));
  const accepted = counts.filter((kind) => kind.accepted > 0);
  const items = `${sum((result) => result.rows)} rows and ${sum((result) => result.items)} ${store === 'objects' ? 'objects' : 'documents'}`;
  return judged(`reconciliation.${store}`, verdict, {
    expected: [
      `rows in postgres and content in ${store} agree both ways`,
      ...accepted.map((kind) => `at most ${kind.accepted} ${phrases[store][kind.kind]}`),
    ].join(', '),
    actual: [
      results.length === 0 ? 'not reconciled' : `${items}, ${compared} compared`,
      ...(found.length === 0 && compared > 0 ? ['all the same'] : []),
      ...found.map(({ kind, count }) => `${count} ${phrases[store][kind]}`),
    ].join(', '),
    ...(evidence.length > 0 && { evidence }),
    ...(verdict === 'fail' && { recommendation: recommendations[store] }),
  });
}

function verdictOf(over: readonly DifferenceKind[], compared: number): Verdict {
  if (over.some((kind) => kind !== 'uncompared')) return 'fail';
  return over.length > 0 || !(compared > 0) ? 'inconclusive' : 'pass';
}

/** The first differences of a kind, and how many more there are. */
function listOf(
  store: ReconciledStore,
  kind: DifferenceKind,
  count: number,
  results: readonly Reconciliation[],
): string[] {
  const lines = results
    .flatMap(({ scope, differences }) => differences[kind].first.map((difference) => lineOf(difference, store, scope)))
    .slice(0, evidenceLimit);
  return count > lines.length ? [...lines, `${kind}: ${count - lines.length} more`] : lines;
}

/** `stale: things/7 (row 12), postgres abc, objects abd`. */
function lineOf(
  { kind, key, rowId, rowDigest, itemDigest }: Difference,
  store: ReconciledStore,
  scope: string | undefined,
): string {
  const row = rowId === undefined ? '' : ` (row ${rowId})`;
  const digests = [`postgres ${short(rowDigest)}`, `${store} ${short(itemDigest)}`];
  const compared = kind === 'stale' || kind === 'uncompared' ? `, ${digests.join(', ')}` : '';
  return `${kind}: ${scope === undefined ? '' : `${scope}/`}${key}${row}${compared}`;
}

function short(digest: string | undefined): string {
  if (digest === undefined) return 'unknown';
  return digest.length > digestCharacters ? `${digest.slice(0, digestCharacters)}…` : digest;
}
