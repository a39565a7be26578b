import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresConnection, Stack } from '../../domain/service.ts';
import { ask } from '../../faults/ask.ts';
import { lostConnections } from '../../faults/lost-connections.ts';
import { refuseConnections } from '../../faults/refuse-connections.ts';
import { serviceProxyOf, startServiceProxy, type ServiceProxy } from '../../faults/service-proxy.ts';
import { slowNetwork } from '../../faults/slow-network.ts';
import { addressOf, directAccessOf, struckServices, type StruckService, type Target } from '../../faults/target.ts';
import { connectPostgres } from '../../stack/clients.ts';
import { isPortOpen } from '../../stack/marks/listening-ports.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { expectInert, notBitten, startFaultBench } from './faults-support.ts';

const postgres = await findPostgresPrograms();
const suite = 'missing' in postgres ? describe.skip : describe;
const reason = 'missing' in postgres ? ` (skipped: ${postgres.missing})` : '';

suite(`faults of the network, on local processes${reason}`, () => {
  let stack: Stack;
  const proxies = new Map<StruckService, ServiceProxy>();
  beforeAll(async () => {
    stack = await startFaultBench();
    for (const service of struckServices) proxies.set(service, await startServiceProxy(stack, { service }));
  });
  afterAll(async () => {
    for (const proxy of proxies.values()) await proxy[Symbol.asyncDispose]();
    await stack?.close();
  });

  const throughProxy = (service: StruckService) => (proxies.get(service) as ServiceProxy).access;

  describe.for([
    ['refused connections', refuseConnections, 'refused'],
    ['lost connections', lostConnections, 'cut'],
    ['a slow network', (target: Target) => slowNetwork(target, { delayMs: 250 }), 'answered'],
  ] as const)('%s', ([, make, kind]) => {
    it.for(struckServices)('in front of %s: bites for who goes through, and lifts', async (service) => {
      const fault = make({ service });
      await expectInert(fault, stack);
      await fault.lift(stack);
      try {
        await fault.inject(stack);
        await fault.inject(stack);
        expect(await notBitten(fault, stack)).toEqual([]);
        expect((await ask(throughProxy(service), 5_000)).kind).toBe(kind);
        expect((await ask(directAccessOf(stack, { service }))).kind, 'the service itself runs on').toBe('answered');
      } finally {
        await fault.lift(stack);
      }
      await fault.lift(stack);
      expect((await ask(throughProxy(service))).kind).toBe('answered');
      await expectInert(fault, stack);
    });
  });

  it('loses a session that was open before, in the middle of its query', async () => {
    const fault = lostConnections({ service: 'postgres' });
    const session = await connectPostgres(throughProxy('postgres').access as PostgresConnection);
    const cut = session.query('SELECT pg_sleep(30)').catch((error: unknown) => String(error));
    await fault.inject(stack);
    expect(await cut).toMatch(/ECONNRESET|terminated/);
    await fault.lift(stack);
  });

  it('one fault does not lift another that has struck since', async () => {
    const [first, second] = [slowNetwork({ service: 'search' }), refuseConnections({ service: 'search' })];
    await first.inject(stack);
    await second.inject(stack);
    await first.lift(stack);
    expect(await notBitten(second, stack)).toEqual([]);
    await second.lift(stack);
    expect((await ask(throughProxy('search'))).kind).toBe('answered');
  });

  it('has nothing to strike without a proxy, says so, and leaves no port behind', async () => {
    const target = { service: 'search', role: 'beside' } as const;
    const fault = refuseConnections(target);
    await expect(fault.inject(stack)).rejects.toMatchObject({ code: 'configuration' });
    await expect(fault.inject(stack)).rejects.toThrow(/a proxy of the run in front of search \(beside\).*actual none/);
    await fault.lift(stack);
    const proxy = await startServiceProxy(stack, target);
    const { port } = addressOf(proxy.access);
    expect(await isPortOpen(port)).toBe(true);
    await proxy[Symbol.asyncDispose]();
    expect(await isPortOpen(port)).toBe(false);
    expect(serviceProxyOf(stack, target)).toBeUndefined();
  });
});
