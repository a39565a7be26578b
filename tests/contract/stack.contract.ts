import { randomBytes } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from '../../programs/execa.ts';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Stack } from '../../domain/service.ts';
import { connectPostgres, objectClient, searchClient, withPostgres } from '../../stack/clients.ts';
import { containerEngine } from '../../stack/containers/engine.ts';
import { findOrphans, removeOrphan, startStack } from '../../stack/index.ts';
import { isPortOpen } from '../../stack/marks/listening-ports.ts';
import { processesOfRun } from '../../stack/marks/marked-processes.ts';
import { identify, isAlive, type ProcessIdentity } from '../../stack/marks/process-identity.ts';
import { runFolderOf, runMarks } from '../../stack/marks/run-marks.ts';
import { listSharedMemory } from '../../stack/marks/shared-memory.ts';
import { mountsOf } from '../../stack/marks/mounts.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { noFaketime, noMount } from './machine-support.ts';

const newRunId = (): string => `contract-${randomBytes(4).toString('hex')}`;
const start = (runId: string, signal?: AbortSignal): Promise<Stack> =>
  startStack({ engine: 'native', runId, database: 'app', ...(signal && { signal }) });

const postgres = await findPostgresPrograms();
const suite = 'missing' in postgres ? describe.skip : describe;
const reason = 'missing' in postgres ? ` (skipped: ${postgres.missing})` : '';

suite(`a stack of local processes${reason}`, () => {
  it('runs beside another one, each with its own data, and both leave nothing', async () => {
    const [one, other] = await Promise.all([start(newRunId()), start(newRunId())]);
    onTestFinished(async () => Promise.all([one.close(), other.close()]).then(() => undefined));
    expect(
      one
        .services()
        .map(({ service }) => service)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['backups', 'objects', 'postgres', 'search']);
    for (const stack of [one, other]) {
      await withPostgres(stack.postgres.connection, (client) => client.query('CREATE TABLE same (n int)'));
      for (const store of [stack.objects, stack.backups]) await objectClient(store.access).makeBucket('same');
      await searchClient(stack.search.access).createIndex('same', { primaryKey: 'id' }).waitTask();
    }
    const ports = await Promise.all([one, other].map((stack) => openPorts(stack)));
    expect(new Set(ports.flat()).size).toBe(8);

    await one.close();
    expect(await one.residue()).toEqual([]);
    expect(await other.postgres.isRunning(), 'the other goes on').toBe(true);
    await other.close();
    await other.close();
    expect(await other.residue()).toEqual([]);
    for (const port of ports.flat()) expect(await isPortOpen(port)).toBe(false);
  });

  it('provides a second server, which is ended with the rest, even with a session open', async () => {
    await using stack = await start(newRunId());
    const recovered = await stack.provision.postgres('recovered');
    expect(recovered.info.role).toBe('recovered');
    expect(recovered.connection.port).not.toBe(stack.postgres.connection.port);
    const session = await connectPostgres(recovered.connection);
    expect(stack.services().map(({ role }) => role)).toContain('recovered');
    await stack.close();
    await session.end().catch(() => undefined);
    expect(await stack.residue()).toEqual([]);
    await expect(stack.provision.postgres('late')).rejects.toThrow('a stack that is closed');
  });

  it('finds what is left by its marks, though it never heard of it', async () => {
    const runId = newRunId();
    const stack = await start(runId);
    await stack.close();
    const owner = identify(process.pid) as ProcessIdentity;
    const stray = execa(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], {
      env: runMarks({ runId, owner }),
      reject: false,
    });
    await expect
      .poll(() => stack.residue())
      .toMatchObject([{ kind: 'process', name: expect.stringContaining(`${stray.pid} `) }]);
    stray.kill('SIGKILL');
    await stray;
    expect(await stack.residue()).toEqual([]);
  });

  it('shows all that runs as residue while it is open', async () => {
    await using stack = await start(newRunId());
    const kinds = new Set((await stack.residue()).map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['process', 'folder', 'port', 'shared-memory']));
    const ports = (await stack.residue()).filter(({ kind }) => kind === 'port').map(({ name }) => name);
    expect(ports).toContain(`127.0.0.1:${stack.postgres.connection.port}`);
  });

  it('ends what was started when one service does not start, and says which and why', async () => {
    vi.stubEnv('FIREDRILL_MINIO_BIN', '/nowhere/minio');
    onTestFinished(() => void vi.unstubAllEnvs());
    const runId = newRunId();
    await expect(start(runId)).rejects.toThrow(/^FIREDRILL_MINIO_BIN names no program: .* actual \/nowhere\/minio$/);
    await expectNothingOf(runId);
  });

  it('stops starting promptly when it is interrupted, and leaves nothing', async () => {
    for (const afterMs of [0, 150, 600]) {
      const runId = newRunId();
      const controller = new AbortController();
      const starting = start(runId, controller.signal);
      setTimeout(() => controller.abort(), afterMs);
      await expect(starting).rejects.toMatchObject({ code: 'interrupted' });
      await expectNothingOf(runId);
    }
  });
});

const noDisk = noMount || noFaketime;
suite(`what the owner of a run leaves${reason}`, () => {
  it('is an orphan when the owner was killed, and is removed', async () => {
    const runId = newRunId();
    const { owner, serverPid } = await startOwner(runId);
    expect((await findOrphans()).map((orphan) => orphan.runId)).not.toContain(runId);
    owner.kill('SIGKILL');
    await owner;

    const orphan = (await findOrphans()).find((found) => found.runId === runId);
    expect(orphan).toMatchObject({ runId, owner: { pid: owner.pid }, folder: runFolderOf(runId) });
    expect(orphan?.left.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['process', 'folder']));
    expect(identify(serverPid), 'the server goes on without its owner').toBeDefined();

    expect(orphan && (await removeOrphan(orphan))).toEqual([]);
    await expectNothingOf(runId);
    expect((await listSharedMemory()).filter(({ creatorPid }) => creatorPid === serverPid)).toEqual([]);
    expect((await findOrphans()).map((found) => found.runId)).not.toContain(runId);
    expect(orphan && (await removeOrphan(orphan)), 'a second time there is nothing to do').toEqual([]);
  });

  it.skipIf(noDisk !== '')(
    `is removed with its small disk, and with what an altered clock needs${noDisk}`,
    async () => {
      const runId = newRunId();
      const { owner, serverPid } = await startOwner(runId, 'disk');
      expect(await mountsOf(runId)).toHaveLength(1);
      const shared = `/dev/shm/faketime_shm_${serverPid}`;
      // The library names it by the process that loaded it first; whether it is there yet depends on what has ended since.
      await writeFile(shared, '');
      owner.kill('SIGKILL');
      await owner;
      expect((await findOrphans()).find((found) => found.runId === runId)?.left).toContainEqual({
        kind: 'mount',
        name: expect.stringMatching(/data$/),
      });
      expect(await removeOrphan({ runId })).toEqual([]);
      await expectNothingOf(runId);
      expect(await mountsOf(runId)).toEqual([]);
      await expect(stat(shared)).rejects.toThrow('ENOENT');
    },
  );

  it('is found by the marks of processes even without its folder', async () => {
    const dead = { pid: 2 ** 22 - 1, startTime: '1' };
    const runId = newRunId();
    const stray = execa(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], {
      env: runMarks({ runId, owner: dead }),
      reject: false,
    });
    await expect.poll(async () => (await findOrphans()).find((found) => found.runId === runId)).toBeDefined();
    expect(await removeOrphan({ runId })).toEqual([]);
    expect((await stray).signal).toBe('SIGKILL');
  });

  it('is never touched while the owner lives', async () => {
    const runId = newRunId();
    const { owner, serverPid } = await startOwner(runId);
    const server = identify(serverPid) as ProcessIdentity;
    await expect(removeOrphan({ runId })).rejects.toThrow('actual its process runs');
    for (const orphan of await findOrphans()) expect(orphan.runId).not.toBe(runId);
    expect(isAlive(server)).toBe(true);
    owner.kill('SIGKILL');
    await owner;
    expect(await removeOrphan({ runId })).toEqual([]);
    expect(isAlive(server)).toBe(false);
  });

  it.for(['exit', 'pause'] as const)('ends with an owner that exits without clearing away (%s)', async (then) => {
    const runId = newRunId();
    const { owner } = await startOwner(runId, then);
    await owner;
    // A halted server of PostgreSQL gives its sessions five seconds before it kills them.
    await expect.poll(() => processesOfRun(runId, []), { timeout: 20_000 }).toEqual([]);
    expect(await removeOrphan({ runId })).toEqual([]);
    await expectNothingOf(runId);
  });

  it('goes on when the owner asks for that, until it is cleared away', async () => {
    const runId = newRunId();
    const { owner, serverPid } = await startOwner(runId, 'keep');
    await owner;
    const server = identify(serverPid) as ProcessIdentity;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(isAlive(server)).toBe(true);
    expect(await removeOrphan({ runId })).toEqual([]);
    expect(isAlive(server)).toBe(false);
  });
});

/** The stack of an engine that is not there: said, not hidden. */
const engine = await containerEngine();
it.runIf('missing' in engine)(
  'says what is missing where no container engine answers (asked where none does)',
  async () => {
    const runId = newRunId();
    const starting = startStack({ engine: 'containers', runId, database: 'app' });
    await expect(starting).rejects.toMatchObject({ code: 'engine-missing' });
    await expectNothingOf(runId);
  },
);

/** Starts `stack-owner.ts`; ends it at the end of the test, and clears away what it leaves. */
async function startOwner(runId: string, then: 'stay' | 'disk' | 'exit' | 'keep' | 'pause' = 'stay') {
  const file = fileURLToPath(new URL('stack-owner.ts', import.meta.url));
  const owner = execa(process.execPath, [file, runId, then], { reject: false, buffer: false });
  onTestFinished(async () => {
    owner.kill('SIGKILL');
    await owner;
    await removeOrphan({ runId });
  });
  let printed = '';
  owner.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ready = /^ready (\d+)$/m;
  await expect.poll(() => printed, { timeout: 30_000 }).toMatch(ready);
  return { owner, serverPid: Number(ready.exec(printed)?.[1]) };
}

async function expectNothingOf(runId: string): Promise<void> {
  expect(processesOfRun(runId, [])).toEqual([]);
  await expect(stat(runFolderOf(runId))).rejects.toThrow('ENOENT');
}

async function openPorts({ postgres: server, objects, search, backups }: Stack): Promise<number[]> {
  const ports = [
    server.connection.port,
    objects.access.port,
    Number(new URL(search.access.host).port),
    backups.access.port,
  ];
  for (const port of ports) expect(await isPortOpen(port)).toBe(true);
  return ports;
}
