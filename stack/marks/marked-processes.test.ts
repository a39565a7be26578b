import { randomBytes } from 'node:crypto';
import { execa } from '../../programs/execa.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { clusterName, findMarkedProcesses, isOfServer, processesOfRun } from './marked-processes.ts';
import { identify, isAlive, killAll, signalProcess, type ProcessIdentity } from './process-identity.ts';
import { runMarks } from './run-marks.ts';

const children: { kill(signal: 'SIGKILL'): boolean; ended: Promise<unknown> }[] = [];

/** A process that would sleep for a minute. */
async function sleeper(env: Record<string, string> = {}, argv0 = 'node'): Promise<ProcessIdentity> {
  const child = execa(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], {
    env,
    argv0,
    reject: false,
    stdio: 'ignore',
  });
  children.push({ kill: (signal) => child.kill(signal), ended: child });
  const identity = identify(child.pid ?? 0);
  expect(identity).toBeDefined();
  return identity as ProcessIdentity;
}

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.splice(0).map(({ ended }) => ended));
});

const owner = identify(process.pid) as ProcessIdentity;
const newRunId = (): string => `unit-${randomBytes(4).toString('hex')}`;

describe('the identity of a process', () => {
  it('is not that of a later process with the same pid', async () => {
    const sleeping = await sleeper();
    const earlier = { pid: sleeping.pid, startTime: '1' };
    expect([isAlive(sleeping), isAlive(earlier)]).toEqual([true, false]);
    expect(signalProcess(earlier, 'SIGKILL')).toBe(false);
    expect(isAlive(sleeping)).toBe(true);
    expect(signalProcess(sleeping, 'SIGKILL')).toBe(true);
    await expect.poll(() => isAlive(sleeping)).toBe(false);
    expect(signalProcess(sleeping, 'SIGKILL')).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('the marks of a process (read from /proc, so on Linux)', () => {
  it('are the variables in its environment', async () => {
    const runId = newRunId();
    const marked = await sleeper(runMarks({ runId, owner }));
    await sleeper(runMarks({ runId: `${runId}-other`, owner }));
    await expect.poll(() => processesOfRun(runId, []).length).toBe(1);
    expect(processesOfRun(runId, [])).toMatchObject([marked]);
    expect(findMarkedProcesses().find(({ pid }) => pid === marked.pid)).toMatchObject({ runId, owner });
  });

  it('are in the title of a server’s session, which has overwritten its environment', async () => {
    const runId = newRunId();
    const session = await sleeper({}, `postgres: ${clusterName(runId, 5432)}: checkpointer`);
    await expect.poll(() => processesOfRun(runId, []).map(({ pid }) => pid)).toEqual([session.pid]);
  });

  it('are in the arguments of a server, whatever is in the paths of its program and its data', async () => {
    const runId = newRunId();
    const main = `/opt/my pg/ä#%/bin/postgres -D /tmp/a b/firedrill-x/firedrill-${runId}/postgres-1/data -c fsync=on`;
    const server = await sleeper({}, main);
    await expect.poll(() => processesOfRun(runId, []).map(({ pid }) => pid)).toEqual([server.pid]);
  });

  it('are not asked for where a process was noted and still runs', async () => {
    const noted = { ...(await sleeper()), what: 'sleeper' };
    const gone = { ...noted, startTime: '1' };
    expect(processesOfRun(newRunId(), [noted, gone])).toEqual([noted]);
  });

  it('lead to all of a run’s processes when it is to be ended', async () => {
    const runId = newRunId();
    const marked = await Promise.all([1, 2, 3].map(() => sleeper(runMarks({ runId, owner }))));
    await expect.poll(() => processesOfRun(runId, []).length).toBe(3);
    await killAll(() => processesOfRun(runId, []));
    expect(marked.map((child) => isAlive(child))).toEqual([false, false, false]);
  });
});

describe('isOfServer', () => {
  const seen = (command: string): Parameters<typeof isOfServer>[0] => ({ pid: 1, parentPid: 1, command });
  const isOurs = (command: string): boolean => isOfServer(seen(command), 'firedrill-a:5', '/tmp/firedrill-a/p-1/data');

  it('knows the main process by its data folder, and sessions by the name of the cluster', () => {
    expect(isOurs('/usr/bin/postgres -D /tmp/firedrill-a/p-1/data -c fsync=on')).toBe(true);
    expect(isOurs('postgres: firedrill-a:5: walwriter')).toBe(true);
  });

  it('knows it where its program and its data are in folders with blanks', () => {
    const seenThere = seen('/opt/my pg/postgres -D /tmp/a b/firedrill-a/data -c fsync=on');
    expect(isOfServer(seenThere, 'firedrill-a:5', '/tmp/a b/firedrill-a/data')).toBe(true);
  });

  it('leaves other servers alone', () => {
    expect(isOurs('/usr/bin/postgres -D /tmp/firedrill-a/p-2/data -c fsync=on')).toBe(false);
    expect(isOurs('postgres: firedrill-a:55: walwriter')).toBe(false);
    expect(isOurs('tail -f /tmp/firedrill-a/p-1/data/log')).toBe(false);
  });
});
