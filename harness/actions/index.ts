import type { Action } from '../definition.ts';
import { assessImpact } from './assess-impact.ts';
import { reindexSearch } from './reindex-search.ts';
import { restartApplications } from './restart-applications.ts';
import { restoreDatabaseAction } from './restore-database.ts';
import { restoreSearchAction } from './restore-search.ts';
import { stopApplications } from './stop-applications.ts';
import { verifyRestore } from './verify-restore.ts';

/** The actions that the steps of a runbook can name. */
export const actions: Readonly<Record<string, Action>> = Object.fromEntries(
  [
    assessImpact,
    stopApplications,
    restoreDatabaseAction,
    verifyRestore,
    reindexSearch,
    restartApplications,
    restoreSearchAction,
  ].map((action) => [action.name, action]),
);
