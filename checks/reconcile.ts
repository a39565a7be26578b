import {
  differenceKinds,
  type Difference,
  type DifferenceKind,
  type ReconciledStore,
  type Reconciliation,
  type ReconciliationEntry,
  type ReconciliationSource,
} from '../domain/reconciliation.ts';
import { compareKeys, cursorOf } from './reconcile-order.ts';

export interface ReconcileOptions {
  store: ReconciledStore;
  /** Bucket or index, where the store has several; they are reconciled one by one. */
  scope?: string;
  /** What the database says: for objects a key that a row refers to, for search a row that must be found. Sorted. */
  rows: ReconciliationSource;
  /** What the store holds, sorted as `rows` is; a source in another order goes through `sortEntries`. */
  items: ReconciliationSource;
  /** How many differences of each kind are listed. */
  listed?: number;
  /** Gets every difference, for a repair: beyond the listed ones none is kept. Waited for, so it may write. */
  onDifference?: (difference: Difference) => void | Promise<void>;
}

/**
 * Compares rows and one store both ways, by key and digest, never by count. Both sides are sorted by key (bytes of
 * UTF-8), read once and merged, so that time is linear in the number of keys and memory does not grow with it.
 * Throws a `DrillError` for a side that is not sorted or has a key twice; both sources are closed in every case.
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const { store, scope, listed = 100, onDifference } = options;
  const rows = cursorOf(options.rows, 'postgres');
  const items = cursorOf(options.items, store);
  const differences = emptyDifferences();
  let compared = 0;
  try {
    let row = await rows.next();
    let item = await items.next();
    while (row !== undefined || item !== undefined) {
      const order = orderOf(row, item);
      const pairedRow = order <= 0 ? row : undefined;
      const pairedItem = order >= 0 ? item : undefined;
      const kind = kindOf(store, pairedRow, pairedItem);
      if (pairedRow && pairedItem && kind !== 'uncompared') compared += 1;
      if (kind !== 'same') {
        const difference = differenceOf(kind, pairedRow, pairedItem);
        const found = differences[kind];
        found.count += 1;
        if (found.first.length < listed) found.first.push(difference);
        await onDifference?.(difference);
      }
      if (pairedRow) row = await rows.next();
      if (pairedItem) item = await items.next();
    }
  } finally {
    await Promise.all([rows.close(), items.close()]);
  }
  const counts = { rows: rows.count(), items: items.count(), compared };
  return { pair: ['postgres', store], ...(scope !== undefined && { scope }), ...counts, differences };
}

/** Below 0 when the row's key comes first, 0 when both have the same; an ended side comes last. */
function orderOf(row: ReconciliationEntry | undefined, item: ReconciliationEntry | undefined): number {
  if (row === undefined) return 1;
  if (item === undefined) return -1;
  return compareKeys(row.key, item.key);
}

/** A row refers to its object, a document refers to its row: which side dangles depends on the store. */
function kindOf(
  store: ReconciledStore,
  row: ReconciliationEntry | undefined,
  item: ReconciliationEntry | undefined,
): DifferenceKind | 'same' {
  if (!item) return store === 'objects' ? 'dangling' : 'orphan';
  if (!row) return store === 'objects' ? 'orphan' : 'dangling';
  if (!row.digest || !item.digest) return 'uncompared';
  return row.digest === item.digest ? 'same' : 'stale';
}

function differenceOf(
  kind: DifferenceKind,
  row: ReconciliationEntry | undefined,
  item: ReconciliationEntry | undefined,
): Difference {
  const rowId = row?.rowId ?? item?.rowId;
  return {
    kind,
    key: row?.key ?? item?.key ?? '',
    ...(rowId !== undefined && { rowId }),
    ...(row?.digest && { rowDigest: row.digest }),
    ...(item?.digest && { itemDigest: item.digest }),
  };
}

function emptyDifferences(): Reconciliation['differences'] {
  const empty = differenceKinds.map((kind) => [kind, { count: 0, first: [] }] as const);
  return Object.fromEntries(empty) as unknown as Reconciliation['differences'];
}
