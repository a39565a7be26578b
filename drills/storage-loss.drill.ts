import { endpointWithoutAuth, slowEndpoint } from '../harness/controls/endpoints.ts';
import { faultElsewhere } from '../harness/controls/fault-elsewhere.ts';
import { inertFault } from '../harness/controls/inert-fault.ts';
import {
  contentTypeLost,
  objectChangedAfterRestore,
  objectHeaderLost,
  versioningLost,
} from '../harness/controls/objects.ts';
import { backupObjectCorrupted, objectMissingInBackup } from '../harness/controls/objects-backup.ts';
import { danglingReference, orphanObject, staleDocument } from '../harness/controls/reconciliation.ts';
import { olderBackup } from '../harness/controls/older-backup.ts';
import { searchDocumentMissing, searchReset } from '../harness/controls/search.ts';
import { workerStaysDown } from '../harness/controls/worker-stays-down.ts';
import { drill } from '../harness/drill.ts';
import { backUpObjects, backUpObjectsAgain } from '../harness/steps/back-up-objects.ts';
import { objectives } from '../harness/steps/objectives.ts';
import { reconcileRecovered } from '../harness/steps/reconcile.ts';
import { searchMatchesDatabase } from '../harness/steps/search.ts';
import { probesGreen, searchHasContent } from '../harness/steps/steady-state.ts';
import { sustainedSmoke } from '../harness/steps/sustained.ts';
import { deleteData } from '../faults/delete-data.ts';

/** The whole object store is lost, with all versions. It comes back from the backup of the objects. */
export default await drill('storage-loss', {
  runbook: 'artfromromania',
  scenario: 'storage-loss',
  from: {
    backup: 'the backup of the objects, with their bytes',
    manifest: 'the manifest of the backup alone, which names every object and holds none',
  },
  backUp: [backUpObjects, backUpObjectsAgain],
  steadyState: [probesGreen, searchHasContent],
  fault: deleteData({ service: 'objects' }),
  verify: [searchMatchesDatabase, objectives, reconcileRecovered, sustainedSmoke],
  handOver: [],
  controls: [
    slowEndpoint,
    endpointWithoutAuth,
    inertFault,
    faultElsewhere,
    orphanObject,
    danglingReference,
    objectMissingInBackup,
    olderBackup('objects'),
    backupObjectCorrupted,
    objectChangedAfterRestore,
    objectHeaderLost,
    contentTypeLost,
    versioningLost,
    searchDocumentMissing,
    staleDocument,
    workerStaysDown,
    ...searchReset,
  ],
});
