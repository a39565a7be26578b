import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { ReconciledStore } from '../../domain/reconciliation.ts';
import { isMissingObject } from '../../recovery/object-store-error.ts';
import { objectClient } from '../../stack/clients.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { reconcileStores } from '../reconcile.ts';
import { judge } from '../steps/reconcile.ts';
import { damaging, nothingToDamage, type Damage } from './damaging.ts';
import { changeDocument } from './search-damage.ts';

/** An object lies in the store that no row refers to. */
export const orphanObject: Control = {
  name: 'orphan-object',
  title: 'An object has no row',
  expectedCheck: 'reconciliation.objects',
  expectedVerdict: 'fail',
  ...afterRepair('objects', putOrphan),
};

/** An object that a row refers to is gone, although it was in the store that was restored. */
export const danglingReference: Control = {
  name: 'dangling-reference',
  title: 'A row refers to an object that is gone',
  expectedCheck: 'reconciliation.objects',
  expectedVerdict: 'fail',
  ...afterRepair('objects', removeObject),
};

/** A document has another content than its row: the count is right, the health flag is green. */
export const staleDocument: Control = {
  name: 'stale-document',
  title: 'A document of the search index is stale',
  expectedCheck: 'reconciliation.search',
  expectedVerdict: 'fail',
  ...afterRepair('search', (context) => changeDocument(context, need(context, 'search').access)),
};

/** Done once the differences were repaired, judged as the reconciliation of that store is. */
function afterRepair(
  store: ReconciledStore,
  damage: (context: DrillContext) => Promise<Damage>,
): Pick<Control, 'verify' | 'undamaged' | 'sabotage'> {
  return damaging('repaired', damage, async (context) =>
    judge(context, await reconcileStores(context, [store]), [store]),
  );
}

async function putOrphan(context: DrillContext): Promise<Damage> {
  const bucket = context.system.objects?.buckets[0];
  if (bucket === undefined) throw nothingToDamage('a bucket');
  const client = objectClient(need(context, 'objects').access);
  const key = `${randomUUID()}.txt`;
  await client.putObject(bucket, key, 'nobody knows me');
  return { description: `object ${bucket}/${key} put without a row`, undo: () => client.removeObject(bucket, key) };
}

/** The object whose row is the oldest: it was there before any backup of the run. */
async function removeObject(context: DrillContext): Promise<Damage> {
  const { objects } = context.system;
  const bucket = objects?.buckets[0];
  if (!objects || bucket === undefined) throw nothingToDamage('a bucket');
  const rows = await Array.fromAsync(objects.references(productionStores(context), bucket));
  const oldest = rows.toSorted((one, other) => (one.writtenAt < other.writtenAt ? -1 : 1))[0];
  if (!oldest) throw nothingToDamage('a row that refers to an object');
  const client = objectClient(need(context, 'objects').access);
  const { key } = oldest;
  const description = `object ${bucket}/${key} removed, its row is still there`;
  try {
    const [bytes, { metaData }] = await Promise.all([
      client.getObject(bucket, key).then(buffer),
      client.statObject(bucket, key),
    ]);
    await client.removeObject(bucket, key);
    return {
      description,
      undo: async () => {
        await client.putObject(bucket, key, bytes, bytes.length, metaData);
      },
    };
  } catch (error) {
    // Where it was not restored, which is found all the same, there is nothing to put back.
    if (!isMissingObject(error)) throw error;
    return { description, undo: async () => {} };
  }
}
