import { describe, expect, it } from 'vitest';
import { loseEverything } from '../../faults/lose-everything.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { expectInert, notBitten, startApi, startFaultBench } from './faults-support.ts';

const postgres = await findPostgresPrograms();
const suite = 'missing' in postgres ? describe.skip : describe;
const reason = 'missing' in postgres ? ` (skipped: ${postgres.missing})` : '';

suite(`the loss of everything, on local processes${reason}`, () => {
  it('bites every store and every process of the application, and leaves the backups alone', async () => {
    await using stack = await startFaultBench();
    await expectInert(loseEverything, stack);
    await loseEverything.inject(stack);
    expect(await notBitten(loseEverything, stack)).toEqual([]);
    expect(await stack.backups.isRunning()).toBe(true);
    await startApi(stack, 'back again');
    expect((await notBitten(loseEverything, stack)).map(({ actual }) => actual)).toEqual(['1']);
    await loseEverything.lift(stack);
    await loseEverything.lift(stack);
    expect(await stack.postgres.dataExists()).toBe(false);
  });
});
