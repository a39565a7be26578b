import { need, productionStores } from '../context.ts';
import type { Control } from '../definition.ts';
import { judgeSearch, judgeSearchAgain } from '../steps/search.ts';
import { damaging } from './damaging.ts';
import { changeSettings, removeDocument, removeKey } from './search-damage.ts';

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
    (context) => removeDocument(context, need(context, 'search').access),
    (context) => judgeSearch(context.system, productionStores(context)),
  ),
};

/**
 * What a reindexing may do beside its work: it sets an index up anew, or makes the keys that it needs. Both are judged
 * after all that was caught up.
 */
export const searchReset: Control[] = [
  {
    name: 'index-settings-reset',
    title: 'A setting of a search index, drawn by the seed, is another one after the reindexing',
    expectedCheck: 'search.settings-by-http',
    expectedVerdict: 'fail',
    ...damaging(
      'search-restored',
      (context) => changeSettings(context, need(context, 'search').access),
      judgeSearchAgain,
    ),
  },
  {
    name: 'search-key-lost',
    title: 'A key of the search server, drawn by the seed, is gone after the reindexing',
    expectedCheck: 'search.keys-by-http',
    expectedVerdict: 'fail',
    ...damaging('search-restored', (context) => removeKey(context, need(context, 'search').access), judgeSearchAgain),
  },
];
