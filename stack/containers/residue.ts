import type Dockerode from 'dockerode';
import type { Residue } from '../../domain/service.ts';
import { isAlive, type ProcessIdentity } from '../marks/process-identity.ts';
import { removeContainer, removeVolume } from './controls.ts';
import { containerEngine, requireEngine } from './engine.ts';
import { isMissing } from './is-missing.ts';
import { ownerOf, runLabel } from './labels.ts';

/** What a run whose owner has died left on the engine. */
export interface ContainerOrphan {
  runId: string;
  owner: ProcessIdentity;
  found: Residue[];
}

interface Marked extends Residue {
  kind: 'container' | 'volume' | 'network';
  id: string;
  labels: Record<string, string>;
}

/** Containers, volumes and networks on the engine that bear the label of the run, also those that do not run. */
export async function containerResidue(runId: string): Promise<Residue[]> {
  const { docker } = await requireEngine();
  return (await findMarked(docker, `${runLabel}=${runId}`)).map(asResidue);
}

/**
 * What runs of this machine left whose owner has died, by run. Empty where no engine answers. Runs of other machines
 * and containers on the same engine are left out: nobody can say here whether their owners live.
 */
export async function findContainerOrphans(): Promise<ContainerOrphan[]> {
  if ('missing' in (await containerEngine())) return [];
  const { docker } = await requireEngine();
  const orphans = new Map<string, ContainerOrphan>();
  for (const marked of await findMarked(docker, runLabel)) {
    const owner = ownerOf(marked.labels);
    const runId = marked.labels[runLabel];
    if (owner === undefined || runId === undefined || isAlive(owner)) continue;
    const orphan = orphans.get(runId) ?? { runId, owner, found: [] };
    orphan.found.push(asResidue(marked));
    orphans.set(runId, orphan);
  }
  return [...orphans.values()];
}

/** Removes everything on the engine that bears the label of the run; says what that was. Idempotent. */
export async function removeContainersOf(runId: string): Promise<Residue[]> {
  const { docker } = await requireEngine();
  const marked = await findMarked(docker, `${runLabel}=${runId}`);
  const of = (kind: Marked['kind']): Marked[] => marked.filter((found) => found.kind === kind);
  // A volume or network that is in use cannot be removed: containers first.
  await Promise.all(of('container').map(({ id }) => removeContainer(docker.getContainer(id))));
  await Promise.all(of('volume').map(({ id }) => removeVolume(docker, id)));
  await Promise.all(of('network').map(({ id }) => removeNetwork(docker, id)));
  return marked.map(asResidue);
}

async function findMarked(docker: Dockerode, label: string): Promise<Marked[]> {
  const filters = { label: [label] };
  const [containers, volumes, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
    docker.listNetworks({ filters }),
  ]);
  return [
    ...containers.map(({ Id, Names, Labels }) => marked('container', Id, Names[0]?.slice(1) ?? Id, Labels)),
    // The engine answers null, not an empty list, where it has none.
    ...((volumes.Volumes as typeof volumes.Volumes | null) ?? []).map(({ Name, Labels }) =>
      marked('volume', Name, Name, Labels),
    ),
    ...networks.map(({ Id, Name, Labels }) => marked('network', Id, Name, Labels ?? {})),
  ];
}

function marked(kind: Marked['kind'], id: string, name: string, labels: Record<string, string>): Marked {
  return { kind, id, name, labels };
}

function asResidue({ kind, name }: Marked): Residue {
  return { kind, name };
}

async function removeNetwork(docker: Dockerode, id: string): Promise<void> {
  try {
    await docker.getNetwork(id).remove();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
