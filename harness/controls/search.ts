import { searchClient } from '../../stack/clients.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { judgeSearch } from '../steps/search.ts';

/** One document is missing from an index: the count is off by one, the health flag is green. */
export const searchDocumentMissing: Control = {
  name: 'search-document-missing',
  title: 'One document is missing from the search index',
  expectedCheck: 'search.content',
  expectedVerdict: 'fail',
  async verify(context) {
    const removed = await removeOne(context);
    try {
      return await judgeSearch(context.system, productionStores(context));
    } finally {
      await removed.putBack();
    }
  },
  sabotage: {
    at: { 'search-restored': async (context) => (await removeOne(context)).description },
  },
};

async function removeOne(context: DrillContext): Promise<{ description: string; putBack(): Promise<void> }> {
  const client = searchClient(need(context, 'search').access);
  const { results } = await client.getIndexes({ limit: 1 });
  const first = results[0];
  if (!first) throw new Error('there is no search index to damage');
  const index = client.index(first.uid);
  const key = (await index.fetchPrimaryKey()) ?? 'id';
  const document = (await index.getDocuments({ limit: 1 })).results[0];
  if (!document) throw new Error(`the index ${first.uid} has no document to remove`);
  const id = String(document[key]);
  await index.deleteDocument(id).waitTask();
  return {
    description: `document ${id} removed from the index ${first.uid}`,
    putBack: async () => {
      await index.addDocuments([document]).waitTask();
    },
  };
}
