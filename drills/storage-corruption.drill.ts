import { endpointWithoutAuth, slowEndpoint } from '../harness/controls/endpoints.ts';
import { inertFault } from '../harness/controls/inert-fault.ts';
import { newerObjectOverwritten, versionGone, versioningOff } from '../harness/controls/object-versions.ts';
import { restoredObjectControls } from '../harness/controls/objects.ts';
import { orphanObject, staleDocument } from '../harness/controls/reconciliation.ts';
import { olderBackup } from '../harness/controls/older-backup.ts';
import { searchDocumentMissing, searchReset } from '../harness/controls/search.ts';
import { workerStaysDown } from '../harness/controls/worker-stays-down.ts';
import { objectMissingInBackup } from '../harness/controls/objects-backup.ts';
import { drill } from '../harness/drill.ts';
import { judgeAgainstKnown } from '../harness/known-objects.ts';
import { backUpObjects } from '../harness/steps/back-up-objects.ts';
import { bucketsKeepVersions, scopeMatchesDamage, writesEnd } from '../harness/steps/object-versions.ts';
import { earlierBackups } from '../harness/steps/earlier-backups.ts';
import { objectives } from '../harness/steps/objectives.ts';
import { reconcileRecovered } from '../harness/steps/reconcile.ts';
import { searchMatchesDatabase } from '../harness/steps/search.ts';
import { probesGreen, searchHasContent } from '../harness/steps/steady-state.ts';
import { sustainedSmoke } from '../harness/steps/sustained.ts';
import { damageBuckets } from '../faults/damage-objects.ts';

/** An upload that is under way is not hit before its row is written: the row would name the garbage. */
const damage = damageBuckets({
  buckets: ['uploads', 'invoices', 'maintenance', 'media'],
  seed: 4,
  overwrittenShare: 0.3,
  deletedShare: 0.2,
  settleMs: 1_000,
});

/**
 * A share of the objects is overwritten with garbage, others are deleted, while uploads go on. What is damaged is found
 * by checksums and comes back from its versions; what users wrote since is kept.
 */
export default await drill('storage-corruption', {
  runbook: 'artfromromania',
  scenario: 'storage-corruption',
  backUp: [earlierBackups({ objects: true }), backUpObjects],
  steadyState: [bucketsKeepVersions, probesGreen, searchHasContent],
  fault: damage,
  writesGoOn: true,
  verify: [
    writesEnd,
    scopeMatchesDamage(damage),
    searchMatchesDatabase,
    objectives,
    reconcileRecovered,
    sustainedSmoke,
  ],
  handOver: [],
  controls: [
    slowEndpoint,
    endpointWithoutAuth,
    inertFault,
    versioningOff,
    olderBackup('objects'),
    versionGone(damage),
    newerObjectOverwritten,
    ...restoredObjectControls(judgeAgainstKnown),
    orphanObject,
    objectMissingInBackup,
    searchDocumentMissing,
    staleDocument,
    workerStaysDown,
    ...searchReset,
  ],
});
