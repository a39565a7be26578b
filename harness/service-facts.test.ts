import { expect, test } from 'vitest';
import { systemClock } from '../domain/clock.ts';
import { factsOfServing, type Watched } from './service-facts.ts';

const patience = { clock: systemClock, signal: new AbortController().signal, withinMs: 2_000 };

function watched(givesContentAt: number): Watched & { asked: number } {
  const service = {
    service: 'search' as const,
    running: { info: { role: 'production' }, place: { kind: 'process' } } as unknown as Watched['running'],
    asked: 0,
    async content() {
      service.asked += 1;
      if (service.asked < givesContentAt) throw new Error('not in time');
      return { items: {} };
    },
  };
  return service;
}

test('a service that ought to serve, and gave no content in time, is asked again', async () => {
  const slow = watched(3);
  const [facts] = await factsOfServing([slow], patience);
  expect(facts?.content).toEqual({ items: {} });
  expect(slow.asked).toBe(3);
});

test('one that never gives its content is told without, when the time is over', async () => {
  const [facts] = await factsOfServing([watched(Infinity)], { ...patience, withinMs: 50 });
  expect(facts).toMatchObject({ service: 'search' });
  expect(facts?.content).toBeUndefined();
});
