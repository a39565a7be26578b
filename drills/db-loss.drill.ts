import { backupTruncated } from '../harness/controls/backup-truncated.ts';
import { databaseDamage } from '../harness/controls/database.ts';
import { endpointWithoutAuth, slowEndpoint } from '../harness/controls/endpoints.ts';
import { faultElsewhere } from '../harness/controls/fault-elsewhere.ts';
import { inertFault } from '../harness/controls/inert-fault.ts';
import { maskedCopyControls } from '../harness/controls/masked-copy.ts';
import { orphanObject, staleDocument } from '../harness/controls/reconciliation.ts';
import { searchDocumentMissing, searchReset } from '../harness/controls/search.ts';
import { workerStaysDown } from '../harness/controls/worker-stays-down.ts';
import { definitionChanged, globalsChanged } from '../harness/controls/objects-of-kinds.ts';
import { wayOutLeftOpen } from '../harness/controls/way-out-left-open.ts';
import { olderBackup } from '../harness/controls/older-backup.ts';
import { drill } from '../harness/drill.ts';
import { backUpDatabase } from '../harness/steps/back-up-database.ts';
import { stagingCopy } from '../harness/steps/hand-over.ts';
import { policyComplete } from '../harness/steps/policy.ts';
import { earlierBackups } from '../harness/steps/earlier-backups.ts';
import { objectives } from '../harness/steps/objectives.ts';
import { reconcileRecovered } from '../harness/steps/reconcile.ts';
import { searchMatchesDatabase } from '../harness/steps/search.ts';
import { probesGreen, searchHasContent } from '../harness/steps/steady-state.ts';
import { sustainedSmoke } from '../harness/steps/sustained.ts';
import { destroyDatabase } from '../faults/destroy-database.ts';

/** The database is lost: server dead, data deleted. It comes back from the latest backup, by the steps of the runbook. */
export default await drill('db-loss', {
  runbook: 'artfromromania',
  scenario: 'database-loss',
  backUp: [earlierBackups({ database: true }), backUpDatabase],
  steadyState: [probesGreen, searchHasContent, policyComplete],
  fault: destroyDatabase,
  verify: [searchMatchesDatabase, objectives, reconcileRecovered, sustainedSmoke],
  handOver: [...stagingCopy],
  controls: [
    slowEndpoint,
    endpointWithoutAuth,
    searchDocumentMissing,
    ...searchReset,
    orphanObject,
    staleDocument,
    inertFault,
    workerStaysDown,
    faultElsewhere,
    backupTruncated,
    olderBackup('database'),
    ...maskedCopyControls,
    wayOutLeftOpen,
    databaseDamage('row-missing'),
    databaseDamage('value-changed'),
    databaseDamage('empty-for-null'),
    databaseDamage('first-row-changed'),
    databaseDamage('sequence-set-back'),
    databaseDamage('schema-column-dropped'),
    databaseDamage('function-body-changed'),
    databaseDamage('constraint-missing'),
    databaseDamage('index-missing'),
    databaseDamage('role-attribute-changed'),
    databaseDamage('grant-revoked'),
    databaseDamage('policy-dropped'),
    databaseDamage('trigger-disabled'),
    definitionChanged,
    globalsChanged,
  ],
});
