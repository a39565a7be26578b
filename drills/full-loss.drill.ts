import { backupSetIncomplete } from '../harness/controls/backup-set.ts';
import { backupTruncated } from '../harness/controls/backup-truncated.ts';
import { databaseDamage } from '../harness/controls/database.ts';
import { endpointWithoutAuth, slowEndpoint } from '../harness/controls/endpoints.ts';
import { inertFault } from '../harness/controls/inert-fault.ts';
import { sourceChanged } from '../harness/controls/installation.ts';
import { maskedCopyControls } from '../harness/controls/masked-copy.ts';
import {
  contentTypeLost,
  objectChangedAfterRestore,
  objectHeaderLost,
  versioningLost,
} from '../harness/controls/objects.ts';
import { backupObjectCorrupted, objectMissingInBackup } from '../harness/controls/objects-backup.ts';
import { definitionChanged, globalsChanged } from '../harness/controls/objects-of-kinds.ts';
import { danglingReference, orphanObject, staleDocument } from '../harness/controls/reconciliation.ts';
import { searchDocumentMissing, searchReset } from '../harness/controls/search.ts';
import { workerStaysDown } from '../harness/controls/worker-stays-down.ts';
import { olderBackup } from '../harness/controls/older-backup.ts';
import { dumpTruncated } from '../harness/controls/dump-truncated.ts';
import { searchRestoredWrong } from '../harness/controls/search-restored.ts';
import { wayOutLeftOpen } from '../harness/controls/way-out-left-open.ts';
import { drill } from '../harness/drill.ts';
import { backUpDatabase } from '../harness/steps/back-up-database.ts';
import { backUpObjects } from '../harness/steps/back-up-objects.ts';
import { backUpSearch } from '../harness/steps/back-up-search.ts';
import { backupSetWhole } from '../harness/steps/backup-set.ts';
import { stagingCopy } from '../harness/steps/hand-over.ts';
import { installationAsSource } from '../harness/steps/installation.ts';
import { earlierBackups } from '../harness/steps/earlier-backups.ts';
import { objectives } from '../harness/steps/objectives.ts';
import { policyComplete } from '../harness/steps/policy.ts';
import { reconcileRecovered } from '../harness/steps/reconcile.ts';
import { searchMatchesDatabase } from '../harness/steps/search.ts';
import { sustainedSmoke } from '../harness/steps/sustained.ts';
import { probesGreen, searchHasContent } from '../harness/steps/steady-state.ts';
import { loseEverything } from '../faults/lose-everything.ts';

/**
 * Everything is gone: database, objects, search, API and worker. What is left is the store of the backups and the source.
 * The stores come back side by side, from one backup of everything, to one point.
 */
export default await drill('full-loss', {
  runbook: 'artfromromania',
  scenario: 'full-loss',
  front: true,
  // The rows first: what they refer to is then in the backup of the objects, which is taken after it.
  backUp: [
    earlierBackups({ database: true, objects: true, search: ['dump'] }),
    backUpDatabase,
    backUpObjects,
    backUpSearch(['dump']),
    backupSetWhole,
  ],
  steadyState: [probesGreen, searchHasContent, policyComplete],
  fault: loseEverything,
  verify: [installationAsSource, searchMatchesDatabase, objectives, reconcileRecovered, sustainedSmoke],
  handOver: [...stagingCopy],
  controls: [
    slowEndpoint,
    endpointWithoutAuth,
    searchDocumentMissing,
    orphanObject,
    danglingReference,
    staleDocument,
    inertFault,
    workerStaysDown,
    backupTruncated,
    backupSetIncomplete,
    olderBackup('set'),
    objectMissingInBackup,
    backupObjectCorrupted,
    objectChangedAfterRestore,
    objectHeaderLost,
    contentTypeLost,
    sourceChanged,
    ...maskedCopyControls,
    databaseDamage('row-missing'),
    databaseDamage('value-changed'),
    definitionChanged,
    databaseDamage('sequence-set-back'),
    databaseDamage('schema-column-dropped'),
    databaseDamage('constraint-missing'),
    databaseDamage('index-missing'),
    databaseDamage('role-attribute-changed'),
    databaseDamage('grant-revoked'),
    databaseDamage('policy-dropped'),
    databaseDamage('trigger-disabled'),
    versioningLost,
    dumpTruncated,
    ...searchRestoredWrong,
    ...searchReset,
    globalsChanged,
    databaseDamage('first-row-changed'),
    wayOutLeftOpen,
  ],
});
