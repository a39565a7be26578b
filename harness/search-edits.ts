import type { EditedDocument } from '../domain/search-by-http.ts';
import { need, productionStores, type DrillContext } from './context.ts';
import { askDocument } from './search-http.ts';

/**
 * Changes and deletes rows that a search index shows, through the application, after the newest backup: so that a
 * catch-up which misses them is seen. The documents are kept as they were before and after. Nothing for a system that
 * has no such rows.
 */
export async function editIndexedRows(context: DrillContext): Promise<void> {
  const { system, record, signal } = context;
  if (!system.indexEdits) return;
  const stores = productionStores(context);
  const access = { ...stores, apiUrl: need(context, 'apiUrl'), tokens: need(context, 'tokens') };
  const planned = await system.indexEdits.plan(access, record.environment.seed);
  const ask = (): Promise<string[]> =>
    Promise.all(planned.map(({ index, id }) => askDocument(stores.search, index, id)));
  const before = await ask();
  await system.indexEdits.apply(access, planned, signal);
  const after = await ask();
  context.state.searchEdits = planned.map((edit, number): EditedDocument => ({
    ...edit,
    before: before[number] ?? 'absent',
    after: after[number] ?? 'absent',
  }));
  const changed = planned.filter(({ kind }) => kind === 'changed').length;
  context
    .progress()
    .info(`since the backups: ${changed} rows of the search changed, ${planned.length - changed} deleted`);
}
