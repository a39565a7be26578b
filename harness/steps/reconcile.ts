import { judgeReconciliation } from '../../checks/reconcile-judge.ts';
import { withLoss } from '../../checks/reconcile-loss.ts';
import type { Finding } from '../../domain/finding.ts';
import {
  differenceKinds,
  type ReconciledStore,
  type Reconciliation,
  type ReconciliationTolerance,
} from '../../domain/reconciliation.ts';
import type { ReconciliationRecord } from '../../domain/record-recovery.ts';
import { quarantineBucket, quarantineObjects } from '../../recovery/quarantine-objects.ts';
import { objectClient } from '../../stack/clients.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { reconcilable, reconcileStores, type StoreReconciliation } from '../reconcile.ts';
import { objectName } from '../object-rows.ts';
import { reindex } from '../reindex.ts';
import { sabotageAt } from '../sabotage.ts';

const listedKeys = 10;

/**
 * Holds rows, objects and documents against one another by content, repairs what the runbook says is to be repaired,
 * and judges what is left after that.
 */
export const reconcileRecovered: DrillStep = {
  name: 'reconcile',
  title: 'Reconcile rows, objects and documents both ways by content, repair, and check the repair',
  phase: 'hand-over',
  async execute(context) {
    const found = await reconcileStores(context);
    keep(context, found, 'recovered');
    const repaired = await repair(context, found);
    const struck = await sabotageAt(context, 'repaired');
    if (!repaired && !struck) {
      context.judge(judge(context, found));
      return;
    }
    const left = await reconcileStores(context);
    keep(context, left, 'repaired');
    context.judge(judge(context, left));
  },
};

/** What the reconciliation says, with the tolerance of the runbook and what is lost with the recovery point. */
export function judge(
  context: DrillContext,
  found: readonly StoreReconciliation[],
  stores: readonly ReconciledStore[] = reconcilable(context),
): Finding[] {
  return judgeReconciliation(
    found.map(({ result }) => result),
    Object.fromEntries(stores.map((store) => [store, toleranceOf(context, store, found)])),
    stores,
  );
}

function toleranceOf(
  { runbook }: DrillContext,
  store: ReconciledStore,
  found: readonly StoreReconciliation[],
): ReconciliationTolerance {
  const { tolerance = {} } = runbook.reconciliation[store] ?? {};
  const ofStore = found.filter(({ result }) => result.pair[1] === store);
  return withLoss(
    tolerance,
    ofStore.map(({ lostWithPoint }) => lostWithPoint),
  );
}

/** Does what the runbook asks for where there is something to do; true when anything was changed. */
async function repair(context: DrillContext, found: readonly StoreReconciliation[]): Promise<boolean> {
  const { objects, search } = context.runbook.reconciliation;
  const moved = objects?.repair === 'quarantine' ? await quarantine(context, found) : 0;
  const isSearchOff = found.some(({ result }) => result.pair[1] === 'search' && countOf(result) > 0);
  if (search?.repair !== 'reindex' || !isSearchOff) return moved > 0;
  const access = { ...productionStores(context), apiUrl: need(context, 'apiUrl'), tokens: need(context, 'tokens') };
  const { documents, removed } = await reindex(context, access);
  note(context, { store: 'search', what: 'documents indexed again from the database', count: documents });
  note(context, { store: 'search', what: 'documents without a row removed', count: removed });
  return true;
}

async function quarantine(context: DrillContext, found: readonly StoreReconciliation[]): Promise<number> {
  const client = objectClient(need(context, 'objects').access);
  let moved = 0;
  for (const { result, orphans } of found) {
    if (result.pair[1] !== 'objects') continue;
    const bucket = result.scope ?? '';
    moved += await quarantineObjects(client, bucket, orphans);
    (context.state.quarantined ??= []).push(...orphans.map((key) => objectName({ bucket, key })));
  }
  if (moved > 0) {
    note(context, {
      store: 'objects',
      what: `objects without a row moved to the bucket ${quarantineBucket}`,
      count: moved,
    });
  }
  return moved;
}

function note(context: DrillContext, line: NonNullable<DrillContext['record']['repairs']>[number]): void {
  (context.record.repairs ??= []).push(line);
  context.progress().info(`repair: ${line.count} ${line.what}`);
}

function keep(
  context: DrillContext,
  found: readonly StoreReconciliation[],
  moment: ReconciliationRecord['moment'],
): void {
  for (const one of found) {
    const { result } = one;
    const store = result.pair[1];
    const { rows, items, compared, scope } = result;
    const isEmpty = rows + items === 0;
    // An empty bucket beside others is nothing to look at; that there is something at all is judged over all of them.
    const verdict = isEmpty ? 'not-applicable' : (judge(context, [one], [store])[0]?.verdict ?? 'inconclusive');
    const lostWithPoint = one.lostWithPoint.dangling + one.lostWithPoint.stale;
    const differences = differencesOf(result);
    (context.record.reconciliations ??= []).push({
      store,
      ...(scope !== undefined && { scope }),
      moment,
      rows,
      items,
      compared,
      ...(lostWithPoint > 0 && { lostWithPoint }),
      differences,
      verdict,
    });
    const told =
      differences.map(({ kind, count }) => `${count} ${kind}`).join(', ') ||
      (isEmpty ? 'nothing to compare' : 'all the same');
    const lost = lostWithPoint === 0 ? '' : `, ${lostWithPoint} of them younger than the recovery point`;
    context.progress().info(`${moment}, ${store} ${scope ?? ''}: ${rows} rows, ${items} items, ${told}${lost}`);
  }
}

function differencesOf({ differences }: Reconciliation): ReconciliationRecord['differences'] {
  return differenceKinds.flatMap((kind) => {
    const { count, first } = differences[kind];
    return count === 0 ? [] : { kind, count, keys: first.slice(0, listedKeys).map(({ key }) => key) };
  });
}

function countOf({ differences }: Reconciliation): number {
  return Object.values(differences).reduce((sum, { count }) => sum + count, 0);
}
