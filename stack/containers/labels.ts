import { hostname } from 'node:os';
import type { ProcessIdentity } from '../marks/process-identity.ts';
import type { RunContext } from '../run-context.ts';
import type { ContainerService } from './images.ts';

/** Labels of everything that a run makes on the engine: containers and volumes. */
export const runLabel = 'firedrill.run';
export const ownerLabel = 'firedrill.owner';
/** Name of the machine that the owner runs on: a pid of another machine or container says nothing here. */
export const hostLabel = 'firedrill.host';
export const serviceLabel = 'firedrill.service';
const roleLabel = 'firedrill.role';

/** The marks of a thing: its run, the process that owns the run (`pid:start time`), and what it is. */
export function labelsOf(
  run: Pick<RunContext, 'runId' | 'owner'>,
  service: ContainerService,
  role: string,
): Record<string, string> {
  return {
    [runLabel]: run.runId,
    [ownerLabel]: `${run.owner.pid}:${run.owner.startTime}`,
    [hostLabel]: hostname(),
    [serviceLabel]: service,
    [roleLabel]: role,
  };
}

/** The process of this machine that the labels name as owner; `undefined` where they name none or another machine's. */
export function ownerOf(labels: Readonly<Record<string, string>>): ProcessIdentity | undefined {
  if (labels[hostLabel] !== hostname()) return undefined;
  const { pid, startTime } = /^(?<pid>\d+):(?<startTime>.+)$/.exec(labels[ownerLabel] ?? '')?.groups ?? {};
  return pid === undefined || startTime === undefined ? undefined : { pid: Number(pid), startTime };
}
