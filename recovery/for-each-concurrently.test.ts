import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { forEachConcurrently } from './for-each-concurrently.ts';

async function* numbers(state: { taken: number; closed: boolean }, end = 20): AsyncGenerator<number> {
  try {
    for (let number = 0; number < end; number += 1) {
      state.taken += 1;
      yield number;
    }
  } finally {
    state.closed = true;
  }
}

test('every item is worked on once, no more at a time than allowed, and none is taken ahead', async () => {
  const state = { taken: 0, closed: false };
  const seen: number[] = [];
  let underWay = 0;
  let most = 0;
  await forEachConcurrently(numbers(state), 3, async (number) => {
    underWay += 1;
    most = Math.max(most, underWay);
    expect(state.taken - seen.length).toBeLessThanOrEqual(3);
    await setImmediate();
    underWay -= 1;
    seen.push(number);
  });
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(most).toBe(3);
});

test('after a failure nothing more is taken, what is under way ends, and the stream is closed', async () => {
  const state = { taken: 0, closed: false };
  const ended: number[] = [];
  const work = async (number: number): Promise<void> => {
    await setImmediate();
    if (number === 4) throw new Error('four');
    await setImmediate();
    ended.push(number);
  };
  await expect(forEachConcurrently(numbers(state), 3, work)).rejects.toThrow('four');
  expect(state).toEqual({ taken: ended.length + 1, closed: true });
  expect(state.taken).toBeLessThan(20);
});

test('a stream that fails is the failure', async () => {
  async function* broken(): AsyncGenerator<number> {
    yield 1;
    throw new Error('broken');
  }
  await expect(forEachConcurrently(broken(), 2, async () => {})).rejects.toThrow('broken');
});

test('what is under way is told of a failure, and of the end by the caller, which is then what is thrown', async () => {
  const told: string[] = [];
  const reason = (signal: AbortSignal): string => (signal.reason as Error).message;
  const work = async (number: number, signal: AbortSignal): Promise<void> => {
    if (number === 1) throw new Error('one');
    await setImmediate();
    told.push(reason(signal));
  };
  await expect(forEachConcurrently([0, 1, 2], 2, work)).rejects.toThrow('one');
  const caller = new AbortController();
  const state = { taken: 0, closed: false };
  const ending = async (_: number, signal: AbortSignal): Promise<void> => {
    caller.abort(new Error('enough'));
    await setImmediate();
    told.push(reason(signal));
    throw new Error('because of it');
  };
  await expect(forEachConcurrently(numbers(state), 2, ending, caller.signal)).rejects.toThrow('enough');
  expect(state).toEqual({ taken: 2, closed: true });
  expect(told).toEqual(['one', 'enough']);
});
