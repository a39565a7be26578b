import { expect, test } from 'vitest';
import { askUntil } from './ask-until.ts';
import { systemClock } from './clock.ts';

const clock = systemClock;

test('the answer is given as soon as there is one', async () => {
  expect(await askUntil((attempt) => attempt === 3 && 'there', { withinMs: 5_000, clock })).toBe('there');
});

test('a pause that grows comes after each answer, so that nothing is asked thousands of times', async () => {
  const asked: number[] = [];
  const startedMs = clock.monotonicMs();
  const ask = (): undefined => {
    asked.push(clock.monotonicMs());
  };
  const answer = await askUntil(ask, { withinMs: 400, clock });
  expect(answer).toBeUndefined();
  expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(400);
  expect(asked.length).toBeLessThan(12);
  const pauses = asked.slice(1).map((atMs, index) => atMs - asked[index]!);
  expect(pauses.at(-1)).toBeGreaterThan(pauses[0]! * 2);
});

test('what is thrown ends the waiting as it is, a TypeError or a text too', async () => {
  const patience = { withinMs: 5_000, clock };
  for (const thrown of [new TypeError('fetch failed'), new Error('broken'), 'text']) {
    let asked = 0;
    const asking = askUntil(() => {
      asked += 1;
      throw thrown;
    }, patience);
    await expect(asking.catch((error: unknown) => error === thrown)).resolves.toBe(true);
    expect(asked).toBe(1);
  }
});

test('the signal ends it with its reason, in the middle of a pause', async () => {
  const reason = new Error('interrupted');
  const ending = new AbortController();
  setTimeout(() => ending.abort(reason), 50);
  const patience = { withinMs: Infinity, clock, signal: ending.signal, firstPauseMs: 60_000, longestPauseMs: 60_000 };
  await expect(askUntil(() => false, patience)).rejects.toBe(reason);
});
