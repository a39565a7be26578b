import type { Action } from '../definition.ts';
import { assessInfrastructure } from './assess-infrastructure.ts';
import { assessImpact } from './assess-impact.ts';
import { assessStorage } from './assess-storage.ts';
import { findDamagedObjects } from './find-damaged-objects.ts';
import { findObjectsBackup } from './find-objects-backup.ts';
import { awaitFailover } from './await-failover.ts';
import { bringServerBack } from './bring-server-back.ts';
import { installApplication } from './install-application.ts';
import { catchUpSearchAction } from './catch-up-search.ts';
import { checkSearch } from './check-search.ts';
import { reindexSearch } from './reindex-search.ts';
import { restartApplications } from './restart-applications.ts';
import { restoreDatabaseAction } from './restore-database.ts';
import { restoreSearchAction } from './restore-search.ts';
import { restoreObjectVersionsAction } from './restore-object-versions.ts';
import { restoreObjectsAction } from './restore-objects.ts';
import { stopApplications } from './stop-applications.ts';
import { testFileOperations } from './test-file-operations.ts';
import { verifyObjectVersions } from './verify-object-versions.ts';
import { verifyObjectsAction } from './verify-objects.ts';
import { switchAddress } from './switch-address.ts';
import { verifyRestore } from './verify-restore.ts';
import { verifyScope } from './verify-scope.ts';

/** The actions that the steps of a runbook can name. */
export const actions: Readonly<Record<string, Action>> = Object.fromEntries(
  [
    assessImpact,
    stopApplications,
    restoreDatabaseAction,
    verifyRestore,
    reindexSearch,
    restartApplications,
    checkSearch,
    restoreSearchAction,
    assessStorage,
    findObjectsBackup,
    restoreObjectsAction,
    verifyObjectsAction,
    testFileOperations,
    findDamagedObjects,
    restoreObjectVersionsAction,
    verifyObjectVersions,
    verifyScope,
    awaitFailover,
    bringServerBack,
    assessInfrastructure,
    installApplication,
    switchAddress,
    catchUpSearchAction,
  ].map((action) => [action.name, action]),
);
