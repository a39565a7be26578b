import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stack } from '../../domain/service.ts';
import { ask } from '../../faults/ask.ts';
import { deleteData } from '../../faults/delete-data.ts';
import { hangService } from '../../faults/hang-service.ts';
import { killService } from '../../faults/kill-service.ts';
import { directAccessOf, serviceOf, struckServices, type Target } from '../../faults/target.ts';
import { connectPostgres } from '../../stack/clients.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { expectInert, notBitten, startApi, startFaultBench } from './faults-support.ts';

const postgres = await findPostgresPrograms();
const suite = 'missing' in postgres ? describe.skip : describe;
const reason = 'missing' in postgres ? ` (skipped: ${postgres.missing})` : '';

suite(`faults, on local processes${reason}`, () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startFaultBench();
  });
  afterAll(async () => stack?.close());

  const answers = async (target: Target): Promise<string> => (await ask(directAccessOf(stack, target))).kind;

  describe.for([
    ['killed', killService, 'refused'],
    ['hanging', hangService, 'silent'],
  ] as const)('a service that is %s', ([, make, kind]) => {
    it.for(struckServices)('%s: bites, seen from outside, and lifts', async (service) => {
      const fault = make({ service });
      await expectInert(fault, stack);
      await fault.lift(stack);
      expect(await answers({ service }), 'a lift without a fault changes nothing').toBe('answered');
      try {
        await fault.inject(stack);
        await fault.inject(stack);
        expect(await notBitten(fault, stack)).toEqual([]);
        expect(await answers({ service })).toBe(kind);
      } finally {
        await fault.lift(stack);
      }
      await fault.lift(stack);
      expect(await answers({ service })).toBe('answered');
      await expectInert(fault, stack);
    });
  });

  it('a hang holds a session of the database that was open before, and lets it go on', async () => {
    const fault = hangService({ service: 'postgres' });
    const session = await connectPostgres(stack.postgres.connection);
    try {
      await session.query('CREATE TEMPORARY TABLE held AS SELECT 1 AS n');
      await fault.inject(stack);
      const held = session.query('SELECT n FROM held');
      expect(await Promise.race([held, sleep(300, 'silent')])).toBe('silent');
      await fault.lift(stack);
      expect((await held).rows).toEqual([{ n: 1 }]);
    } finally {
      await fault.lift(stack);
      await session.end();
    }
  });

  it('a hang is not taken for a dead service, nor a dead service for a hang', async () => {
    const [dead, hanging] = [killService({ service: 'search' }), hangService({ service: 'search' })];
    await hanging.inject(stack);
    await expectInert(dead, stack);
    await hanging.lift(stack);
    await dead.inject(stack);
    await expectInert(hanging, stack);
    await dead.lift(stack);
  });

  it.for(struckServices)('%s is ended by stop and kill while it is paused', async (service) => {
    const running = serviceOf(stack, { service });
    for (const end of ['stop', 'kill'] as const) {
      await running.pause();
      await running.pause();
      expect(await running.isRunning()).toBe(true);
      await running[end]();
      expect(await running.isRunning()).toBe(false);
      await running.pause();
      await running.resume();
      await running.start();
      expect(await answers({ service })).toBe('answered');
    }
  });

  it('strikes the one of two API processes that is named, and leaves the other', async () => {
    await startApi(stack, 'second');
    await startApi(stack, 'pair', 'one');
    await startApi(stack, 'pair', 'two');
    const fault = killService({ service: 'api', role: 'production' });
    await fault.inject(stack);
    expect(await answers({ service: 'api', role: 'production' })).toBe('refused');
    expect(await answers({ service: 'api', role: 'second' })).toBe('answered');
    await fault.lift(stack);
    expect(await answers({ service: 'api', role: 'production' })).toBe('answered');
    await killService({ service: 'api', role: 'pair', instance: 'one' }).inject(stack);
    expect(await answers({ service: 'api', role: 'pair', instance: 'one' })).toBe('refused');
    expect(await answers({ service: 'api', role: 'pair', instance: 'two' })).toBe('answered');
    const none = hangService({ service: 'api', role: 'pair', instance: 'three' });
    await expect(none.inject(stack)).rejects.toThrow(/of the role pair and named three/);
    const nobody = killService({ service: 'api', role: 'third' });
    await expect(nobody.inject(stack)).rejects.toThrow(/nothing to strike.*of the role third/);
  });

  it.for(['objects', 'search', 'postgres'] as const)('deletes the data of %s for good', async (service) => {
    const fault = deleteData({ service });
    await expectInert(fault, stack);
    await fault.lift(stack);
    expect(await answers({ service }), 'a lift without a fault deletes nothing').toBe('answered');
    await fault.inject(stack);
    expect(await notBitten(fault, stack)).toEqual([]);
    await fault.lift(stack);
    expect(await notBitten(fault, stack), 'what is deleted stays deleted').toEqual([]);
    if (service === 'postgres') return;
    await stack[service].start();
    await fault.lift(stack);
    expect(await answers({ service }), 'it can be brought back, and the lift leaves it alone').toBe('answered');
  });

  it('leaves nothing when the stack is closed while its services hang', async () => {
    const hanging = await startFaultBench();
    for (const service of struckServices) await hangService({ service }).inject(hanging);
    await hanging.close();
    expect(await hanging.residue()).toEqual([]);
  });
});
