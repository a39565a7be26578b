import { stat } from 'node:fs/promises';
import type { Residue } from '../domain/service.ts';
import { containerResidue } from './containers/residue.ts';
import { isPortOpen, listenersOf } from './marks/listening-ports.ts';
import { processesOfRun } from './marks/marked-processes.ts';
import { mountsOf } from './marks/mounts.ts';
import type { NotedProcess } from './marks/run-marks.ts';
import { listSharedMemory, segmentsMadeBy, type SharedMemorySegment } from './marks/shared-memory.ts';
import type { RunContext } from './run-context.ts';

/**
 * What is still there of a run, found by its marks and not by what the run believes to have ended: processes, the
 * folder, mounted disks, open ports, shared memory and, for a run on the container engine, what bears its label there.
 */
export async function residue(
  run: Pick<RunContext, 'runId' | 'engine' | 'folder' | 'ports' | 'processes' | 'segmentsBefore'>,
): Promise<Residue[]> {
  const processes = processesOfRun(run.runId, run.processes());
  const [folder, ports, segments, mounts, containers] = await Promise.all([
    folderResidue(run.folder),
    portResidue(run.ports(), new Set(processes.map(({ pid }) => pid))),
    segmentResidue(run.processes(), run.segmentsBefore),
    mountsOf(run.runId),
    // A run on local processes never speaks to an engine.
    run.engine === 'containers' ? containerResidue(run.runId) : [],
  ]);
  return [...processes.map(asResidue), ...containers, ...folder, ...ports, ...segments, ...mounts.map(asMount)];
}

function asMount(path: string): Residue {
  return { kind: 'mount', name: path };
}

function asResidue({ pid, what }: NotedProcess): Residue {
  return { kind: 'process', name: `${pid} (${what})` };
}

async function folderResidue(folder: string): Promise<Residue[]> {
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  return exists ? [{ kind: 'folder', name: folder }] : [];
}

/**
 * Ports of the run on which somebody listens: one of its processes, or one that cannot be seen. A port that was given
 * back may be taken by another program at once; where that one can be seen, it is not the run's.
 */
async function portResidue(ports: readonly number[], runPids: ReadonlySet<number>): Promise<Residue[]> {
  const found: Residue[] = [];
  for (const port of ports) {
    if (!(await isPortOpen(port))) continue;
    const listeners = await listenersOf(port);
    const isForeign = listeners.length > 0 && listeners.every((pid) => !runPids.has(pid));
    if (!isForeign) found.push({ kind: 'port', name: `127.0.0.1:${port}` });
  }
  return found;
}

async function segmentResidue(
  noted: readonly NotedProcess[],
  before: readonly SharedMemorySegment[],
): Promise<Residue[]> {
  const pids = new Set(noted.map(({ pid }) => pid));
  return segmentsMadeBy(pids, await listSharedMemory(), before).map(({ id }) => ({
    kind: 'shared-memory',
    name: `segment ${id}`,
  }));
}
