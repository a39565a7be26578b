import { randomUUID } from 'node:crypto';
import { DrillError } from '../../domain/drill-error.ts';
import type { ReconciledStore } from '../../domain/reconciliation.ts';
import { objectClient, searchClient } from '../../stack/clients.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { reconcileStores } from '../reconcile.ts';
import { judge } from '../steps/reconcile.ts';

/** An object lies in the store that no row refers to. */
export const orphanObject: Control = {
  name: 'orphan-object',
  title: 'An object has no row',
  expectedCheck: 'reconciliation.objects',
  expectedVerdict: 'fail',
  ...damaging('objects', putOrphan),
};

/** A document has another content than its row: the count is right, the health flag is green. */
export const staleDocument: Control = {
  name: 'stale-document',
  title: 'A document of the search index is stale',
  expectedCheck: 'reconciliation.search',
  expectedVerdict: 'fail',
  ...damaging('search', changeDocument),
};

interface Damage {
  description: string;
  undo(): Promise<void>;
}

/** The same damage for the control, which undoes it, and for the drill played for real. */
function damaging(
  store: ReconciledStore,
  damage: (context: DrillContext) => Promise<Damage>,
): Pick<Control, 'verify' | 'sabotage'> {
  return {
    async verify(context) {
      const done = await damage(context);
      try {
        return judge(context, await reconcileStores(context, [store]), [store]);
      } finally {
        await done.undo();
      }
    },
    sabotage: { at: { repaired: async (context) => (await damage(context)).description } },
  };
}

async function putOrphan(context: DrillContext): Promise<Damage> {
  const bucket = context.system.objects?.buckets[0];
  if (bucket === undefined) throw nothingToDamage('bucket');
  const client = objectClient(need(context, 'objects').access);
  const key = `${randomUUID()}.txt`;
  await client.putObject(bucket, key, 'nobody knows me');
  return { description: `object ${bucket}/${key} put without a row`, undo: () => client.removeObject(bucket, key) };
}

async function changeDocument(context: DrillContext): Promise<Damage> {
  const client = searchClient(need(context, 'search').access);
  const { results } = await client.getIndexes({ limit: 1 });
  const uid = results[0]?.uid ?? '';
  const index = client.index(uid);
  const key = (await index.fetchPrimaryKey()) ?? 'id';
  const document = (await index.getDocuments({ limit: 1 })).results[0];
  const field = Object.entries(document ?? {}).find(([name, value]) => name !== key && typeof value === 'string')?.[0];
  if (document === undefined || field === undefined) throw nothingToDamage('document with a text');
  await index
    .updateDocuments([{ [key]: document[key], [field]: `${String(document[field])} of yesterday` }])
    .waitTask();
  return {
    description: `${field} of document ${String(document[key])} in the index ${uid} changed`,
    undo: async () => {
      await index.updateDocuments([document]).waitTask();
    },
  };
}

function nothingToDamage(what: string): DrillError {
  return new DrillError({
    code: 'configuration',
    what: 'a control has nothing to damage',
    expected: `a ${what}`,
    actual: 'none',
  });
}
