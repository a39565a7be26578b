import { need, productionStores } from '../context.ts';
import type { Control } from '../definition.ts';
import { judgeSearch } from '../steps/search.ts';
import { damaging } from './damaging.ts';
import { removeDocument } from './search-damage.ts';

/** One document is missing from an index: the count is off by one, the health flag is green. */
export const searchDocumentMissing: Control = {
  name: 'search-document-missing',
  title: 'One document is missing from the search index',
  expectedCheck: 'search.content',
  expectedVerdict: 'fail',
  // Where the index came from a backup, it is held against that first.
  alsoRed: ['search-backup.documents'],
  ...damaging(
    'search-restored',
    (context) => removeDocument(need(context, 'search').access),
    (context) => judgeSearch(context.system, productionStores(context)),
  ),
};
