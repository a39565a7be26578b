import fastify from 'fastify';
import { expect, test } from 'vitest';
import { Agent } from 'undici';
import { systemClock } from '../domain/clock.ts';
import { sendRequest } from './request.ts';

test('a request that was sent later than it was due is late by that, and is given up by its own limit all the same', async () => {
  await using server = fastify({ forceCloseConnections: true });
  server.get('/', async () => ({ ok: true }));
  server.get('/hung', () => new Promise(() => {}));
  const baseUrl = await server.listen({ host: '127.0.0.1', port: 0 });
  const dispatcher = new Agent();
  const send = async (path: string) =>
    sendRequest({
      url: new URL(path, baseUrl),
      probe: { name: 'p', method: 'GET', path, expect: { status: [200] }, limitMs: 1_000, requests: 1 },
      headers: {},
      dispatcher,
      clock: systemClock,
      signal: new AbortController().signal,
      graceMs: 100,
      dueMs: systemClock.monotonicMs() - 900,
    });
  const answered = await send('/');
  expect(answered).toMatchObject({ status: 200, mismatches: [] });
  expect(answered.latencyMs).toBeGreaterThanOrEqual(900);
  const hung = await send('/hung');
  expect(hung).toMatchObject({ gaveUp: true });
  expect(hung.latencyMs).toBeGreaterThanOrEqual(1_000);
  await dispatcher.destroy();
});
