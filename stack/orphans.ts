import { rm } from 'node:fs/promises';
import { DrillError } from '../domain/drill-error.ts';
import type { Residue } from '../domain/service.ts';
import { containerEngine } from './containers/engine.ts';
import { containerResidue, findContainerOrphans, removeContainersOf } from './containers/residue.ts';
import { removeFaketimeMemory } from './faketime.ts';
import { findMarkedProcesses, processesOfRun } from './marks/marked-processes.ts';
import { isAlive, killAll, type ProcessIdentity } from './marks/process-identity.ts';
import { findRunFolders, readNotedProcesses } from './marks/run-files.ts';
import { mountsOf } from './marks/mounts.ts';
import { readServerSegments, removeServerSegment } from './marks/shared-memory.ts';
import { dropMountsOf } from './small-disk.ts';

/** What a run has left whose process has died before it could clear away. */
export interface Orphan {
  runId: string;
  /** ISO 8601; absent when the run has left no readable note of it. */
  startedAt?: string;
  /** The process that owned it; it does not run any more. */
  owner?: ProcessIdentity;
  folder?: string;
  /** All that is left, the folder included. */
  left: Residue[];
}

/**
 * The runs of this user whose owner has died, found by their folders, by the marks of processes, and by the labels of
 * containers where an engine answers. A run whose owner lives is never among them.
 */
export async function findOrphans(): Promise<Orphan[]> {
  const traces = await findTraces();
  const orphans: Orphan[] = [];
  for (const trace of traces.values()) {
    if (!isAbandoned(trace)) continue;
    const { runId, startedAt, owners, folder } = trace;
    orphans.push({
      runId,
      ...(startedAt !== undefined && { startedAt }),
      ...(owners[0] && { owner: owners[0] }),
      ...(folder !== undefined && { folder }),
      left: await leftOf(runId, folder),
    });
  }
  return orphans;
}

/**
 * Ends and removes what an orphan has left. Looks again first: a run whose owner lives is refused. Says what it could
 * not remove; empty when all is gone.
 */
export async function removeOrphan({ runId }: Pick<Orphan, 'runId'>): Promise<Residue[]> {
  const trace = (await findTraces()).get(runId);
  if (trace === undefined) return [];
  if (!isAbandoned(trace)) {
    throw new DrillError({
      code: 'usage',
      what: `the run ${runId} is not cleared away`,
      expected: 'a run whose process has ended',
      actual: 'its process runs',
    });
  }
  const { folder } = trace;
  const noted = folder === undefined ? [] : await readNotedProcesses(folder);
  const segments = folder === undefined ? [] : await readServerSegments(folder);
  await killAll(() => processesOfRun(runId, noted));
  for (const { pid } of noted) await removeFaketimeMemory(pid);
  await dropMountsOf(runId);
  const attached: Residue[] = [];
  for (const segment of segments) {
    if (await removeServerSegment(segment)) continue;
    attached.push({ kind: 'shared-memory', name: `segment ${segment.id}` });
  }
  if (await engineAnswers()) await removeContainersOf(runId);
  if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  return [...(await leftOf(runId, folder)), ...attached];
}

/** All that is known of one run by its marks. */
interface Trace {
  runId: string;
  owners: ProcessIdentity[];
  startedAt?: string;
  folder?: string;
}

async function findTraces(): Promise<Map<string, Trace>> {
  const traces = new Map<string, Trace>();
  const traceOf = (runId: string, owner: ProcessIdentity | undefined): Trace => {
    const trace = traces.get(runId) ?? { runId, owners: [] };
    traces.set(runId, trace);
    if (owner !== undefined) trace.owners.push(owner);
    return trace;
  };
  const [folders, containerRuns] = await Promise.all([findRunFolders(), findContainerOrphans()]);
  for (const { runId, folder, file } of folders) {
    Object.assign(traceOf(runId, file.owner), { folder, startedAt: file.startedAt });
  }
  for (const { runId, owner } of containerRuns) traceOf(runId, owner);
  for (const { runId, owner } of findMarkedProcesses()) traceOf(runId, owner);
  return traces;
}

/** Whether nobody owns the run any more: some mark names an owner, and none that is named lives. */
function isAbandoned({ owners }: Trace): boolean {
  return owners.length > 0 && !owners.some((owner) => isAlive(owner));
}

async function leftOf(runId: string, folder: string | undefined): Promise<Residue[]> {
  const noted = folder === undefined ? [] : await readNotedProcesses(folder);
  const stillThere = (await findRunFolders()).filter((entry) => entry.runId === runId);
  return [
    ...processesOfRun(runId, noted).map(({ pid, what }): Residue => ({ kind: 'process', name: `${pid} (${what})` })),
    ...((await engineAnswers()) ? await containerResidue(runId) : []),
    ...(await mountsOf(runId)).map((path): Residue => ({ kind: 'mount', name: path })),
    ...stillThere.map((entry): Residue => ({ kind: 'folder', name: entry.folder })),
  ];
}

/** Where no engine answers there is nothing to find on it now; labels keep it findable for later. */
async function engineAnswers(): Promise<boolean> {
  return 'version' in (await containerEngine());
}
