import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from '../../domain/service.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** The marks of a run on a process: variables in its environment, inherited by what it starts. */
export const runIdVariable = 'FIREDRILL_RUN_ID';
export const runOwnerVariable = 'FIREDRILL_RUN_OWNER';
/** The folder of a run is `<temporary folder>/firedrill-<runId>`. */
export const runFolderPrefix = 'firedrill-';

/** What an id of a run looks like: it becomes part of paths, labels and names. */
export const runIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,47}$/;

/** A process of a run, as `processes.jsonl` in the folder of the run notes it. */
export interface NotedProcess extends ProcessIdentity {
  what: string;
}

/** `run.json` in the folder of a run. */
export interface RunFile {
  runId: string;
  owner: ProcessIdentity;
  engine: EngineName;
  /** ISO 8601, UTC. */
  startedAt: string;
}

/** The path of a run's folder. */
export function runFolderOf(runId: string): string {
  return join(tmpdir(), `${runFolderPrefix}${runId}`);
}

/** The marks in the environment of everything that the run starts. */
export function runMarks(run: { runId: string; owner: ProcessIdentity }): Record<string, string> {
  return { [runIdVariable]: run.runId, [runOwnerVariable]: `${run.owner.pid}:${run.owner.startTime}` };
}
