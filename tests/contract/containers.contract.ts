import { execFileSync } from 'node:child_process';
import { beforeAll, expect, it } from 'vitest';
import { requireEngine, type Engine } from '../../stack/containers/engine.ts';
import { hostLabel, ownerLabel, runLabel, serviceLabel } from '../../stack/containers/labels.ts';
import { containerResidue, findContainerOrphans, removeContainersOf } from '../../stack/containers/residue.ts';
import { containerStarters, startContainerStack } from '../../stack/containers/stack.ts';
import { objectClient, withPostgres } from '../../stack/clients.ts';
import { identify } from '../../stack/marks/process-identity.ts';
import { createRunContext } from '../../stack/run-context.ts';
import { describeContainers, testRun } from './containers-support.ts';

await describeContainers('a service in a container', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await requireEngine();
  });

  it('bears the marks of its run, publishes on loopback alone, and tells what it is', async () => {
    await using test = await testRun();
    const postgres = await test.start.postgres('production');
    const container = await engine.docker.getContainer(postgres.containerId).inspect();
    const marks = {
      [runLabel]: test.run.runId,
      [ownerLabel]: `${test.run.owner.pid}:${test.run.owner.startTime}`,
      [serviceLabel]: 'postgres',
    };
    expect(container.Config.Labels).toMatchObject(marks);
    const bindings = Object.values(container.NetworkSettings.Ports).flat();
    expect(bindings).toEqual([{ HostIp: '127.0.0.1', HostPort: String(postgres.connection.port) }]);
    const [mount, ...others] = container.Mounts;
    expect(others).toEqual([]);
    const volume = await engine.docker.getVolume(mount?.Name ?? '').inspect();
    expect(volume.Labels).toMatchObject(marks);
    expect(postgres.info).toMatchObject({ service: 'postgres', role: 'production', imageId: container.Image });
    expect(postgres.info.version).toMatch(/^\d+\.\d+$/);
    expect(postgres.info.implementation).toContain(postgres.info.image);
  });

  it('loses nothing committed by a kill, and its data with its volume', async () => {
    await using test = await testRun();
    const postgres = await test.start.postgres('production');
    const count = (): Promise<unknown> =>
      withPostgres(postgres.connection, async (client) => (await client.query('SELECT count(*)::int FROM t')).rows[0]);
    await withPostgres(postgres.connection, (client) => client.query('CREATE TABLE t AS SELECT generate_series(1, 9)'));
    await expect(postgres.deleteData()).rejects.toThrow('expected a service that does not run');

    await postgres.kill();
    await postgres.kill();
    expect(await postgres.isRunning()).toBe(false);
    await expect(count()).rejects.toThrow('ECONNREFUSED');
    expect((await engine.docker.getContainer(postgres.containerId).inspect()).State.ExitCode).toBe(137);
    await postgres.start();
    await postgres.start();
    expect(await count()).toEqual({ count: 9 });

    await postgres.stop();
    await postgres.stop();
    expect(await postgres.logTail()).toContain('database system is shut down');
    expect(await postgres.dataExists()).toBe(true);
    await postgres.deleteData();
    await postgres.deleteData();
    expect(await postgres.dataExists()).toBe(false);
    expect(await containerResidue(test.run.runId)).toEqual([]);
    await expect(postgres.start()).rejects.toMatchObject({ code: 'service-start' });
    // What it said last is still there, although its container is not.
    expect(await postgres.logTail(1)).toContain('database system is shut down');
  });

  it('shares nothing between the object store and the one for backups', async () => {
    await using test = await testRun();
    const [objects, backups] = await Promise.all([
      test.start.objects('production', 'objects'),
      test.start.objects('backups', 'backups'),
    ]);
    await objectClient(backups.access).makeBucket('dumps');
    await objects.kill();
    await objects.deleteData();
    expect(await objectClient(backups.access).bucketExists('dumps')).toBe(true);
    await expect(objectClient({ ...backups.access, secretKey: 'another-secret' }).listBuckets()).rejects.toThrow();
  });

  it('that cannot start gives one error with the end of its log, and leaves nothing', async () => {
    await using test = await testRun({ shared_buffers: 'many' });
    const start = test.start.postgres('production');
    await expect(start).rejects.toMatchObject({ code: 'service-start', facts: { service: 'postgres' } });
    await expect(start).rejects.toThrow('postgres (production) did not start: expected an answer to SELECT 1');
    await expect(start).rejects.toThrow('invalid value for parameter "shared_buffers"');
    expect(await containerResidue(test.run.runId)).toEqual([]);
  });

  it('whose image cannot be had gives one error that names the image and the variable', async () => {
    await using test = await testRun();
    const image = 'firedrill.invalid/none:1';
    const kept = process.env['FIREDRILL_MINIO_IMAGE'];
    process.env['FIREDRILL_MINIO_IMAGE'] = image;
    try {
      const start = containerStarters(test.run, { database: 'app' }).objects('production', 'objects');
      await expect(start).rejects.toMatchObject({ code: 'service-start', facts: { where: 'FIREDRILL_MINIO_IMAGE' } });
      await expect(start).rejects.toThrow(`expected ${image} on the engine, or to be pulled`);
      await expect(start).rejects.toThrow('Set FIREDRILL_MINIO_IMAGE');
    } finally {
      if (kept === undefined) delete process.env['FIREDRILL_MINIO_IMAGE'];
      else process.env['FIREDRILL_MINIO_IMAGE'] = kept;
    }
  });

  it('is an orphan once the owner of its run has died, and only then', async () => {
    await using test = await testRun();
    const postgres = await test.start.postgres('production');
    const ofThisRun = async (runId: string): Promise<unknown> =>
      (await findContainerOrphans()).find((orphan) => orphan.runId === runId);
    expect(await ofThisRun(test.run.runId)).toBeUndefined();

    // A process that has ended: its pid and start time can never name a living one again.
    const dead = { pid: Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' })), startTime: '1' };
    expect(identify(dead.pid)).not.toEqual(dead);
    const runId = `${test.run.runId}-dead`;
    const labels = { [runLabel]: runId, [ownerLabel]: `${dead.pid}:${dead.startTime}` };
    const { Config: config } = await engine.docker.getContainer(postgres.containerId).inspect();
    const host = config.Labels[hostLabel] ?? '';
    await engine.docker.createVolume({ Name: `firedrill-${runId}`, Labels: { ...labels, [hostLabel]: host } });
    expect(await ofThisRun(runId)).toMatchObject({
      owner: dead,
      found: [{ kind: 'volume', name: `firedrill-${runId}` }],
    });
    await removeContainersOf(runId);
    expect(await ofThisRun(runId)).toBeUndefined();
    // The run that lives was not touched.
    expect(await postgres.isRunning()).toBe(true);
  });

  it('belongs to a stack that leaves nothing behind, a service that was cut off in its start included', async () => {
    const run = await createRunContext({ runId: `test-stack-${process.pid}`, engine: 'containers' });
    const stack = await startContainerStack(run, { database: 'app' });
    expect(stack.services().map(({ service }) => service)).toHaveLength(4);
    const late = stack.provision.postgres('recovered');
    late.catch(() => undefined);
    await stack.close();
    await expect(late).rejects.toMatchObject({ code: 'interrupted' });
    expect(await stack.residue()).toEqual([]);
  });
});
