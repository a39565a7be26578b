import { join } from 'node:path';
import type { DrillRecord } from '../domain/record.ts';
import type { NewRun } from '../evidence/ledger.ts';
import type { RunOptions } from './options.ts';
import { projectFolder } from './project.ts';
import { workerPidName } from './worker-pid.ts';

/** Environment variable with the folder of the ledger, for where there is no command line. */
export const ledgerVariable = 'FIREDRILL_LEDGER';

/** Files of a run's folder that it takes away again, after the folder is sealed. */
export const filesToGo: readonly string[] = [workerPidName];

/** Folder of the ledger: the one that was asked for, else `.firedrill` in the project. */
export function ledgerFolderOf({ ledger }: Pick<RunOptions, 'ledger'>): string {
  return ledger ?? process.env[ledgerVariable] ?? join(projectFolder, '.firedrill');
}

/** A run as it asks the ledger for its number. */
export function newLedgerRun(
  { runId, drill, engine, startedAt }: Pick<DrillRecord, 'runId' | 'drill' | 'engine' | 'startedAt'>,
  { name, version, sha256, scenario }: Pick<DrillRecord['runbook'], 'name' | 'version' | 'sha256' | 'scenario'>,
  directory: string,
): NewRun {
  return { runId, drill, scenario, runbook: { name, version, sha256 }, engine, startedAt, directory };
}
