import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../domain/clock.ts';
import type { Probe } from '../domain/smoke.ts';
import { SteadyLoad, type SteadyLoadOptions } from './steady-load.ts';

const probe = (name: string, path: string, status = 200): Probe => ({
  name,
  method: 'GET',
  path,
  expect: { status: [status] },
  limitMs: 1_000,
  requests: 1,
});

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that answers after `delayMs`; `/silent` never. */
async function serve(delayMs = 0): Promise<string> {
  server = createServer((request, response) => {
    if (request.url === '/silent') return;
    setTimeout(() => {
      response.setHeader('x-from', 'one');
      response.statusCode = request.url === '/broken' ? 502 : 200;
      response.end('{}');
    }, delayMs);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function loadFor(durationMs: number, options: Partial<SteadyLoadOptions>): Promise<SteadyLoad> {
  const load = new SteadyLoad({
    baseUrl: 'http://127.0.0.1:1',
    probes: [probe('page', '/')],
    tokens: {},
    perSecond: 50,
    clock: systemClock,
    ...options,
  });
  load.start();
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  await load.stop();
  return load;
}

test('sends at its rate whether it is answered or not, in turn', async () => {
  const baseUrl = await serve(300);
  const { samples } = await loadFor(1_000, { baseUrl, probes: [probe('page', '/'), probe('list', '/list')] });
  expect(samples.length).toBeGreaterThanOrEqual(45);
  expect(samples.length).toBeLessThanOrEqual(55);
  expect(samples.filter(({ probe: name }) => name === 'page').length).toBeGreaterThanOrEqual(22);
  expect(Math.min(...samples.map(({ latencyMs }) => latencyMs))).toBeGreaterThan(250);
});

test('notes who answered, and why a request failed', async () => {
  const baseUrl = await serve();
  const { samples } = await loadFor(400, {
    baseUrl,
    servedByHeader: 'x-from',
    giveUpMs: 100,
    probes: [probe('page', '/'), probe('broken', '/broken'), probe('silent', '/silent')],
  });
  const of = (name: string) => samples.find((sample) => sample.probe === name);
  expect(of('page')).toMatchObject({ status: 200, servedBy: 'one' });
  expect(of('page')).not.toHaveProperty('failure');
  expect(of('broken')).toMatchObject({ status: 502, failure: 'status is 502 instead of 200' });
  expect(of('silent')?.failure).toBe('no complete answer within 100 ms');
  expect(of('silent')).not.toHaveProperty('status');
});

test('a server that is not there is a failure of each request, not of the load', async () => {
  const { samples } = await loadFor(200, {});
  expect(samples.length).toBeGreaterThan(5);
  expect(samples.every(({ failure }) => failure?.includes('ECONNREFUSED'))).toBe(true);
});

test('stops once, and a token that does not exist is told before anything is sent', async () => {
  const load = await loadFor(50, { baseUrl: await serve() });
  await load.stop();
  const sent = load.samples.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(load.samples.length).toBe(sent);
  const options = { baseUrl: 'http://127.0.0.1:1', tokens: {}, perSecond: 1, clock: systemClock };
  expect(() => new SteadyLoad({ ...options, probes: [{ ...probe('page', '/'), token: 'nobody' }] })).toThrow(
    /names a token that does not exist/,
  );
});
