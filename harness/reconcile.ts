import { reconcile } from '../checks/reconcile.ts';
import { sortEntries } from '../checks/reconcile-sort.ts';
import type { Difference, ReconciledStore, Reconciliation, ReconciliationEntry } from '../domain/reconciliation.ts';
import type { StoreAccess } from '../domain/service.ts';
import type { SystemObjects } from '../domain/system.ts';
import { objectDigests } from '../recovery/object-digests.ts';
import { objectClient } from '../stack/clients.ts';
import { productionStores, type DrillContext } from './context.ts';

/** One bucket or index compared with its rows, and the keys of what no row refers to. */
export interface StoreReconciliation {
  result: Reconciliation;
  orphans: string[];
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
    ...(objects && stores.includes('objects') ? await reconcileObjects(objects, access, context.signal) : []),
    ...(stores.includes('search') ? await reconcileSearch(context, access) : []),
  ];
}

async function reconcileObjects(
  objects: SystemObjects,
  stores: StoreAccess,
  signal: AbortSignal,
): Promise<StoreReconciliation[]> {
  const client = objectClient(stores.objects);
  const results: StoreReconciliation[] = [];
  for (const bucket of objects.buckets) {
    const orphans: string[] = [];
    const result = await reconcile({
      store: 'objects',
      scope: bucket,
      rows: rowsOf(objects, stores, bucket),
      items: objectDigests(client, bucket, signal),
      onDifference: (difference: Difference) => {
        if (difference.kind === 'orphan') orphans.push(difference.key);
      },
    });
    results.push({ result, orphans });
  }
  return results;
}

async function* rowsOf(
  objects: SystemObjects,
  stores: StoreAccess,
  bucket: string,
): AsyncGenerator<ReconciliationEntry> {
  for await (const { key, sha256, rowId } of objects.references(stores, bucket)) yield { key, digest: sha256, rowId };
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
    results.push({ result, orphans: [] });
  }
  return results;
}

function* entriesOf(digests: ReadonlyMap<string, string>): Generator<ReconciliationEntry> {
  for (const [key, digest] of digests) yield { key, digest };
}
