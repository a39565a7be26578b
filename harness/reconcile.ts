import { reconcile } from '../checks/reconcile.ts';
import { sortEntries } from '../checks/reconcile-sort.ts';
import type { Difference, ReconciledStore, Reconciliation, ReconciliationEntry } from '../domain/reconciliation.ts';
import type { StoreAccess } from '../domain/service.ts';
import type { ReferencedObject, SystemObjects } from '../domain/system.ts';
import { objectDigests } from '../recovery/object-digests.ts';
import { objectClient } from '../stack/clients.ts';
import { productionStores, type DrillContext } from './context.ts';

/** One bucket or index compared with its rows. */
export interface StoreReconciliation {
  result: Reconciliation;
  /** Keys of what no row refers to. */
  orphans: string[];
  /**
   * How many of the differences are of rows that were written after the instant that the store was restored to: what
   * they refer to is lost with the recovery point, which the RPO judges.
   */
  lostWithPoint: { dangling: number; stale: number };
}

/** The stores of a system that can be held against its rows. */
export function reconcilable({ system }: DrillContext): ReconciledStore[] {
  return [...(system.objects ? ['objects' as const] : []), ...(system.searchContent ? ['search' as const] : [])];
}

/** Compares rows and every bucket and index of `stores` both ways by content. Nothing may write while it goes on. */
export async function reconcileStores(
  context: DrillContext,
  stores: readonly ReconciledStore[] = reconcilable(context),
): Promise<StoreReconciliation[]> {
  const { objects } = context.system;
  const access = productionStores(context);
  return [
    ...(objects && stores.includes('objects') ? await reconcileObjects(context, objects, access) : []),
    ...(stores.includes('search') ? await reconcileSearch(context, access) : []),
  ];
}

async function reconcileObjects(
  { state, signal }: DrillContext,
  objects: SystemObjects,
  stores: StoreAccess,
): Promise<StoreReconciliation[]> {
  const point = state.recoveryPoints?.objects;
  const restoredTo = point?.source === 'backup' ? point.coveredAt : undefined;
  const client = objectClient(stores.objects);
  const results: StoreReconciliation[] = [];
  for (const bucket of objects.buckets) {
    const orphans: string[] = [];
    const lostWithPoint = { dangling: 0, stale: 0 };
    const younger = new Set<string>();
    const result = await reconcile({
      store: 'objects',
      scope: bucket,
      rows: rowsOf(objects, stores, bucket, ({ key, writtenAt }) => {
        if (restoredTo !== undefined && Date.parse(writtenAt) > Date.parse(restoredTo)) younger.add(key);
      }),
      items: objectDigests(client, bucket, signal),
      onDifference: (difference: Difference) => {
        const { kind, key } = difference;
        if (kind === 'orphan') orphans.push(key);
        if ((kind === 'dangling' || kind === 'stale') && younger.has(key)) lostWithPoint[kind] += 1;
      },
    });
    results.push({ result, orphans, lostWithPoint });
  }
  return results;
}

async function* rowsOf(
  objects: SystemObjects,
  stores: StoreAccess,
  bucket: string,
  look: (row: ReferencedObject) => void,
): AsyncGenerator<ReconciliationEntry> {
  for await (const row of objects.references(stores, bucket)) {
    look(row);
    yield { key: row.key, digest: row.sha256, rowId: row.rowId };
  }
}

async function reconcileSearch({ system }: DrillContext, stores: StoreAccess): Promise<StoreReconciliation[]> {
  const contents = (await system.searchContent?.(stores)) ?? [];
  const results: StoreReconciliation[] = [];
  for (const { index, expected, actual } of contents) {
    const result = await reconcile({
      store: 'search',
      scope: index,
      rows: sortEntries(entriesOf(expected)),
      items: sortEntries(entriesOf(actual)),
    });
    results.push({ result, orphans: [], lostWithPoint: { dangling: 0, stale: 0 } });
  }
  return results;
}

function* entriesOf(digests: ReadonlyMap<string, string>): Generator<ReconciliationEntry> {
  for (const [key, digest] of digests) yield { key, digest };
}
