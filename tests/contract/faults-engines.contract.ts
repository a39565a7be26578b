import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName, Stack } from '../../domain/service.ts';
import { ask } from '../../faults/ask.ts';
import { clockOff } from '../../faults/clock-off.ts';
import { cutNetwork } from '../../faults/cut-network.ts';
import { databaseGarbage } from '../../faults/database-garbage.ts';
import { diskFull } from '../../faults/disk-full.ts';
import { clockOffsetMs } from '../../faults/read-clock.ts';
import { revokeCredentials } from '../../faults/revoke-credentials.ts';
import { startServiceProxy } from '../../faults/service-proxy.ts';
import { directAccessOf, serviceOf, struckServices, type Target } from '../../faults/target.ts';
import { connectPostgres, objectClient, searchClient, withPostgres } from '../../stack/clients.ts';
import { mountsOf } from '../../stack/marks/mounts.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { describeContainers } from './containers-support.ts';
import { expectInert, notBitten, startFaultBench } from './faults-support.ts';
import { noFaketime, noMount } from './machine-support.ts';

const postgres = await findPostgresPrograms();
const suite = 'missing' in postgres ? describe.skip : describe;
const reason = 'missing' in postgres ? ` (skipped: ${postgres.missing})` : '';
suite(`faults of data, disk, clock and credentials, on local processes${reason}`, () => contract('native'));
await describeContainers('faults of data, disk, clock, credentials and network', () => contract('containers'));

const stores = struckServices.filter((service) => service !== 'api');
function contract(engine: EngineName): void {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startFaultBench(engine);
    await fill(stack);
  });
  afterAll(async () => {
    await stack?.close();
    expect(stack && (await stack.residue())).toEqual([]);
  });

  const answers = async (target: Target): Promise<string> => (await ask(directAccessOf(stack, target))).kind;

  it.for(stores)('credentials of %s are revoked, and given back', async (service) => {
    const fault = revokeCredentials({ service });
    await expectInert(fault, stack);
    await fault.lift(stack);
    expect(await answers({ service }), 'a lift without a fault changes nothing').toBe('answered');
    try {
      await fault.inject(stack);
      await fault.inject(stack);
      expect(await notBitten(fault, stack)).toEqual([]);
      expect(await answers({ service })).toBe('denied');
      expect(await serviceOf(stack, { service }).isRunning()).toBe(true);
    } finally {
      await fault.lift(stack);
    }
    await fault.lift(stack);
    expect(await answers({ service })).toBe('answered');
    await expectInert(fault, stack);
    expect(await content(stack)).toEqual(whole);
  });

  it('a revocation ends sessions, keeps the passwords of all roles as they were, and leaves no role', async () => {
    const roles = 'SELECT rolname, rolpassword, rolvaliduntil FROM pg_authid ORDER BY 1';
    const before = await rows(stack, roles);
    const session = await connectPostgres({ ...stack.postgres.connection, user: 'clerk', password: 'of the clerk' });
    const fault = revokeCredentials({ service: 'postgres' });
    await fault.inject(stack);
    await expect(session.query('SELECT 1')).rejects.toThrow(/terminat|connection/i);
    await stack.postgres.kill();
    await fault.lift(stack);
    expect(await rows(stack, roles)).toEqual(before);
    await session.end().catch(() => undefined);
  });

  it.skipIf(noMount !== '')(`the disk of each store is full, and its data come back${noMount}`, async () => {
    for (const service of stores) {
      const fault = diskFull({ service });
      await expectInert(fault, stack);
      await fault.lift(stack);
      try {
        await fault.inject(stack);
        expect(await notBitten(fault, stack), service).toEqual([]);
        expect(await mountsOf(stack.runId)).toHaveLength(1);
        expect((await stack.residue()).map(({ kind }) => kind)).toContain('mount');
      } finally {
        await fault.lift(stack);
      }
      await fault.lift(stack);
      await expectInert(fault, stack);
      expect(await mountsOf(stack.runId)).toEqual([]);
      expect(await content(stack)).toEqual(whole);
    }
  });

  it.skipIf(noMount !== '')(`a small disk goes with the data that are deleted on it${noMount}`, async () => {
    const other = await stack.provision.objects('second');
    await other.stop();
    await other.disk?.confine(1024 ** 2);
    await other.start();
    expect(await mountsOf(stack.runId)).toHaveLength(1);
    await other.kill();
    await other.deleteData();
    expect(await mountsOf(stack.runId)).toEqual([]);
    expect(await other.dataExists()).toBe(false);
  });

  if (noFaketime !== '') it.skip(`the clock of each service is off, and right again${noFaketime}`, () => {});
  it.for(noFaketime === '' ? struckServices : [])('the clock of %s is off, and right again', async (service) => {
    const target = { service };
    const offset = async (): Promise<number> => Math.abs((await clockOffsetMs(directAccessOf(stack, target))) ?? NaN);
    for (const offsetMs of [3_600_000, -86_400_000]) {
      const fault = clockOff(target, { offsetMs });
      await expectInert(fault, stack);
      await fault.lift(stack);
      if (service === 'objects' && stack.objects.info.implementation.startsWith('MinIO')) {
        await expect(fault.inject(stack)).rejects.toMatchObject({ code: 'unsupported' });
        await expect(fault.inject(stack)).rejects.toThrow(
          /clock of objects cannot be set off.*MinIO .*is off by -?[01] s/,
        );
      } else {
        await fault.inject(stack);
        await fault.inject(stack);
        expect(await notBitten(fault, stack)).toEqual([]);
        await fault.lift(stack);
      }
      await fault.lift(stack);
      expect(await offset()).toBeLessThan(3_000);
      await expectInert(fault, stack);
    }
    expect(await answers(target)).toBe('answered');
    expect(await content(stack)).toEqual(whole);
  });

  it.for(struckServices)('%s has no network, and has it again', async (service) => {
    const fault = cutNetwork({ service });
    await using proxy = await startServiceProxy(stack, { service });
    await expectInert(fault, stack);
    await fault.lift(stack);
    try {
      await fault.inject(stack);
      await fault.inject(stack);
      expect(await notBitten(fault, stack)).toEqual([]);
      expect((await ask(proxy.access)).kind).not.toBe('answered');
      expect(await serviceOf(stack, { service }).isRunning()).toBe(true);
      const isContainer = engine === 'containers' && service !== 'api';
      expect(await answers({ service }), 'only a container has a network to lose').toBe(
        isContainer ? 'refused' : 'answered',
      );
    } finally {
      await fault.lift(stack);
    }
    await fault.lift(stack);
    expect((await ask(proxy.access)).kind).toBe('answered');
    expect(await answers({ service })).toBe('answered');
    await expectInert(fault, stack);
  });

  it('pages of the largest table are overwritten: the server answers, and who reads the rows is told', async () => {
    await expectInert(databaseGarbage, stack);
    await databaseGarbage.lift(stack);
    await databaseGarbage.inject(stack);
    await databaseGarbage.inject(stack);
    const observed = await databaseGarbage.observe(stack);
    expect(observed.map(({ bitten }) => bitten)).toEqual([true, true]);
    expect(observed[1]).toMatchObject({ question: 'Can public.ledger be read?' });
    expect(observed[1]?.actual).toMatch(/^no: invalid page in block 0 of relation base\//);
    expect(await rows(stack, 'SELECT count(*)::int AS n FROM small')).toEqual([{ n: 10 }]);
    await databaseGarbage.lift(stack);
    await databaseGarbage.lift(stack);
    expect(await notBitten(databaseGarbage, stack), 'what is overwritten stays so').toEqual([]);
  });
}

const whole = { ledger: 20_000, object: 'kept', documents: 3 };

async function fill({ postgres: server, objects, search }: Stack): Promise<void> {
  await withPostgres(server.connection, async (client) => {
    await client.query(`CREATE TABLE ledger AS SELECT n, repeat('x', 100) AS text FROM generate_series(1, 20000) AS n`);
    await client.query('CREATE TABLE small AS SELECT n FROM generate_series(1, 10) AS n');
    await client.query(
      `CREATE ROLE clerk LOGIN PASSWORD 'of the clerk' VALID UNTIL 'infinity'; CREATE ROLE idle LOGIN`,
    );
  });
  await objectClient(objects.access).makeBucket('kept');
  await objectClient(objects.access).putObject('kept', 'object', 'kept');
  const documents = [1, 2, 3].map((id) => ({ id }));
  await searchClient(search.access).index('kept').addDocuments(documents).waitTask();
}

async function content(stack: Stack): Promise<typeof whole> {
  const [counted] = await rows(stack, 'SELECT count(n)::int AS n FROM ledger');
  const stream = await objectClient(stack.objects.access).getObject('kept', 'object');
  const { numberOfDocuments } = await searchClient(stack.search.access).index('kept').getStats();
  return {
    ledger: Number(counted?.['n']),
    object: Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString(),
    documents: numberOfDocuments,
  };
}

async function rows(stack: Stack, query: string): Promise<Record<string, unknown>[]> {
  return withPostgres(stack.postgres.connection, async (client) => (await client.query(query)).rows);
}
