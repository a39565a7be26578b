import { searchGarbageAtRest } from '../faults/search-garbage-at-rest.ts';
import { searchGarbage } from '../faults/search-garbage.ts';
import { catchUpSkipped } from '../harness/controls/catch-up-skipped.ts';
import { dumpTruncated } from '../harness/controls/dump-truncated.ts';
import { endpointWithoutAuth, slowEndpoint } from '../harness/controls/endpoints.ts';
import { inertFault } from '../harness/controls/inert-fault.ts';
import { orphanObject, staleDocument } from '../harness/controls/reconciliation.ts';
import { searchDocumentMissing, searchReset } from '../harness/controls/search.ts';
import { searchRestoredWrong } from '../harness/controls/search-restored.ts';
import { olderBackup } from '../harness/controls/older-backup.ts';
import { workerStaysDown } from '../harness/controls/worker-stays-down.ts';
import { drill } from '../harness/drill.ts';
import { searchWays } from '../harness/search-ways.ts';
import { backUpSearch } from '../harness/steps/back-up-search.ts';
import { compareSearchWays } from '../harness/steps/compare-search-ways.ts';
import { foundDespiteHealth } from '../harness/steps/found-despite-health.ts';
import { earlierBackups } from '../harness/steps/earlier-backups.ts';
import { objectives } from '../harness/steps/objectives.ts';
import { reconcileRecovered } from '../harness/steps/reconcile.ts';
import { searchMatchesDatabase } from '../harness/steps/search.ts';
import { sustainedSmoke } from '../harness/steps/sustained.ts';
import { probesGreen, searchHasContent } from '../harness/steps/steady-state.ts';

/**
 * The index files of the search server are overwritten, while it runs or before it starts. It says that it is healthy; its
 * content says otherwise.
 */
export default await drill('search-corruption', {
  runbook: 'artfromromania',
  scenario: 'search-corruption',
  from: searchWays,
  backUp: [earlierBackups({ search: ['dump', 'snapshot'] }), backUpSearch(['dump', 'snapshot'])],
  steadyState: [probesGreen, searchHasContent],
  fault: searchGarbage,
  otherFaults: [searchGarbageAtRest],
  writesGoOn: true,
  verify: [foundDespiteHealth, searchMatchesDatabase, objectives, reconcileRecovered, sustainedSmoke],
  handOver: [compareSearchWays],
  controls: [
    slowEndpoint,
    endpointWithoutAuth,
    inertFault,
    dumpTruncated,
    olderBackup('search'),
    ...searchRestoredWrong,
    catchUpSkipped,
    searchDocumentMissing,
    staleDocument,
    orphanObject,
    workerStaysDown,
    ...searchReset,
  ],
});
