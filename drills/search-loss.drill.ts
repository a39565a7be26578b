import { deleteData } from '../faults/delete-data.ts';
import { catchUpSkipped } from '../harness/controls/catch-up-skipped.ts';
import { dumpTruncated } from '../harness/controls/dump-truncated.ts';
import { endpointWithoutAuth, slowEndpoint } from '../harness/controls/endpoints.ts';
import { faultElsewhere } from '../harness/controls/fault-elsewhere.ts';
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
import { earlierBackups } from '../harness/steps/earlier-backups.ts';
import { objectives } from '../harness/steps/objectives.ts';
import { reconcileRecovered } from '../harness/steps/reconcile.ts';
import { searchMatchesDatabase } from '../harness/steps/search.ts';
import { sustainedSmoke } from '../harness/steps/sustained.ts';
import { probesGreen, searchHasContent } from '../harness/steps/steady-state.ts';

/** The search server is lost: dead, data deleted. It comes back from its newest dump, from a snapshot or from the database. */
export default await drill('search-loss', {
  runbook: 'artfromromania',
  scenario: 'search-loss',
  from: searchWays,
  backUp: [earlierBackups({ search: ['dump', 'snapshot'] }), backUpSearch(['dump', 'snapshot'])],
  steadyState: [probesGreen, searchHasContent],
  fault: deleteData({ service: 'search' }),
  writesGoOn: true,
  verify: [searchMatchesDatabase, objectives, reconcileRecovered, sustainedSmoke],
  handOver: [compareSearchWays],
  controls: [
    slowEndpoint,
    endpointWithoutAuth,
    inertFault,
    faultElsewhere,
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
