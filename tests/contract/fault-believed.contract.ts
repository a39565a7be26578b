import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeAnotherServer } from '../../checks/another-server.ts';
import { answersByFacts } from '../../checks/fault-facts.ts';
import type { Fault } from '../../domain/fault.ts';
import type { Stack } from '../../domain/service.ts';
import { deleteData } from '../../faults/delete-data.ts';
import { hangService } from '../../faults/hang-service.ts';
import { killService } from '../../faults/kill-service.ts';
import { factsOf, servicesToWatch, watchedStores } from '../../harness/service-facts.ts';
import { startFaultBench } from './faults-support.ts';

/** What the harness sees for itself that does not fit what the fault claims. */
async function unfit(fault: Fault, strike: () => Promise<void>, stack: Stack): Promise<string[]> {
  const watched = await servicesToWatch(stack);
  const before = await factsOf(watched);
  await strike();
  return answersByFacts(fault.claims, before, await factsOf(watched)).flatMap(({ question, actual, bitten }) =>
    bitten ? [] : [`${question} ${actual}`],
  );
}

describe('a fault is not believed', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startFaultBench();
  });
  afterAll(() => stack.close());

  test('the harness sees for itself what a fault does that keeps its word', async () => {
    const hang = hangService({ service: 'api' });
    expect(await unfit(hang, () => hang.inject(stack), stack)).toEqual([]);
    await hang.lift(stack);
    const kill = killService({ service: 'search' });
    expect(await unfit(kill, () => kill.inject(stack), stack)).toEqual([]);
    await kill.lift(stack);
    const loss = deleteData({ service: 'objects' });
    expect(await unfit(loss, () => loss.inject(stack), stack)).toEqual([]);
    await stack.objects.start();
  });

  test('a fault that kills the server and leaves its data is found out', async () => {
    const told = await unfit(deleteData({ service: 'postgres' }), () => stack.postgres.kill(), stack);
    expect(told).toEqual([
      expect.stringMatching(/^Seen by the harness: postgres \(production\): how many entries .* left\? [1-9]/),
    ]);
    await stack.postgres.start();
  });

  test('a fault that strikes another store is found out, and so is the old server that is told to be a new one', async () => {
    const before = await factsOf(watchedStores(stack));
    const loss = deleteData({ service: 'postgres' });
    const told = await unfit(loss, () => stack.search.kill(), stack);
    expect(told.join('\n')).toMatch(/postgres \(production\): does it give content\? yes[\s\S]*search .* process\? no/);
    await stack.search.start();

    await stack.postgres.kill();
    await stack.postgres.start();
    const again = judgeAnotherServer(loss.claims, before, await factsOf(watchedStores(stack)));
    expect(again?.evidence?.join('\n')).toMatch(/^postgres: still on the data in .*\npostgres: still the cluster \d+$/);
    const other = await stack.provision.postgres('recovered');
    const now = await factsOf(watchedStores({ ...stack, postgres: other }));
    expect(judgeAnotherServer(loss.claims, before, now)?.verdict).toBe('pass');
  });
});
