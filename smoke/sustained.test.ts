import { setTimeout as sleep } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { Probe } from '../domain/smoke.ts';
import { runSustained, type SustainedOptions } from './sustained.ts';

const probe = (path: string, part: Partial<Probe> = {}): Probe => ({
  name: path,
  method: 'GET',
  path,
  expect: { status: [200] },
  limitMs: 2_000,
  requests: 1,
  ...part,
});
const options = (part: Partial<SustainedOptions> = {}): SustainedOptions => ({
  clock: systemClock,
  signal: new AbortController().signal,
  requests: 20,
  perSecond: 100,
  ...part,
});

describe('runSustained', () => {
  let server: FastifyInstance;
  let baseUrl: string;
  let seen = 0;
  let paths: string[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  /** Until then the server answers nobody, as one that collects garbage does. */
  let standsStill: Promise<unknown> = Promise.resolve();

  beforeAll(async () => {
    server = fastify({ forceCloseConnections: true });
    server.addHook('onRequest', async ({ url }) => {
      seen += 1;
      paths.push(url);
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
    });
    server.addHook('onResponse', async () => {
      atOnce -= 1;
    });
    server.get('/ok', async () => ({ ok: true }));
    server.get('/cold', async () => (seen === 1 ? sleep(150, { ok: true }) : { ok: true }));
    server.get('/slow-share', async () => (seen % 4 === 0 ? sleep(120, { ok: true }) : { ok: true }));
    server.get('/sometimes', async (_request, reply) => (seen % 5 === 0 ? reply.code(503).send() : { ok: true }));
    server.get('/pausing', async () => {
      if (seen === 5) standsStill = sleep(200);
      await standsStill;
      return { ok: true };
    });
    server.get('/last-byte', async (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-length': '2' });
      reply.raw.write('{');
      setTimeout(() => reply.raw.end('}'), seen === 7 ? 150 : 0);
    });
    server.get('/late', async () => sleep(100, { ok: true }));
    server.get('/hung', async () => sleep(60_000, undefined, { ref: false }));
    server.post('/closed', async (request, reply) =>
      request.headers.authorization === 'Bearer t1' ? reply.code(403).send() : reply.code(401).send(),
    );
    baseUrl = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    [seen, atOnce, mostAtOnce, standsStill, paths] = [0, 0, 0, Promise.resolve(), []];
  });

  const one = async (path: string, part: Partial<SustainedOptions> = {}, limitMs = 2_000) => {
    const [observation] = await runSustained(baseUrl, [probe(path, { limitMs })], {}, options(part));
    return observation!;
  };

  it('sends every request once, at the rate that is asked for', async () => {
    const startedMs = systemClock.monotonicMs();
    const { samples, requests, perSecond } = await one('/ok');
    const tookMs = systemClock.monotonicMs() - startedMs;
    expect({ requests, perSecond, seen }).toEqual({ requests: 20, perSecond: 100, seen: 20 });
    expect(samples.map(({ status, mismatches }) => [status, mismatches])).toEqual(
      Array.from({ length: 20 }, () => [200, []]),
    );
    // The last one is due 190 ms after the first one.
    expect(tookMs).toBeGreaterThanOrEqual(190);
    expect(tookMs).toBeLessThan(5_000);
  });

  it('does not wait for a slow first request before it sends the others', async () => {
    const { samples } = await one('/cold');
    expect(samples[0]?.latencyMs).toBeGreaterThanOrEqual(149);
    expect(mostAtOnce).toBeGreaterThan(1);
    expect(Math.min(...samples.slice(1).map(({ latencyMs }) => latencyMs))).toBeLessThan(100);
  });

  it('observes the share of requests that are slow', async () => {
    const { samples } = await one('/slow-share');
    expect(samples.filter(({ latencyMs }) => latencyMs >= 119).length).toBeGreaterThanOrEqual(5);
  });

  it('times until the last byte, and finds the one request of many that is late by it', async () => {
    const { samples } = await one('/last-byte', { requests: 20, perSecond: 20 });
    const slowest = samples.toSorted((a, b) => b.latencyMs - a.latencyMs)[0];
    expect(slowest?.latencyMs).toBeGreaterThan(140);
  });

  it('observes errors among the answers', async () => {
    const { samples } = await one('/sometimes');
    expect(samples.filter(({ status }) => status === 503)).toHaveLength(4);
    expect(samples.find(({ status }) => status === 503)?.mismatches).toEqual(['status is 503 instead of 200']);
  });

  it('finds every request late that came due while the server stood still, not only the one that met it', async () => {
    const { samples } = await one('/pausing', { requests: 40 });
    // The fifth request stops the server for 200 ms; those of the next 100 ms wait for at least 100 ms each.
    const late = samples.filter(({ latencyMs }) => latencyMs >= 100);
    expect(late.length).toBeGreaterThanOrEqual(10);
    expect(samples.length).toBe(40);
  });

  it('counts a latency from the instant at which a request was due, even where it could not be sent', async () => {
    // 256 requests are under way at most; each takes 100 ms, so of 800 in 0.1 s the last ones wait for their turn twice.
    const { samples } = await one('/late', { requests: 800, perSecond: 8_000 });
    expect(mostAtOnce).toBeLessThanOrEqual(256);
    expect(samples[0]?.latencyMs).toBeLessThan(samples.at(-1)!.latencyMs);
    expect(samples.at(-1)?.latencyMs).toBeGreaterThan(250);
  });

  it('sends nothing before it is due, however early a timer fires', async () => {
    // To this clock every pause is over at half of its time.
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() / 2 };
    const [observation] = await runSustained(baseUrl, [probe('/ok')], {}, options({ clock, perSecond: 50 }));
    expect(observation?.samples).toHaveLength(20);
    expect(observation?.samples.filter(({ latencyMs }) => !(latencyMs >= 0))).toEqual([]);
  });

  it('gives up a server that hangs, each request on its own', async () => {
    const { samples } = await one('/hung', { requests: 100, perSecond: 1_000, graceMs: 150 }, 50);
    expect(samples).toHaveLength(100);
    expect(new Set(samples.map(({ error }) => error))).toEqual(new Set(['no complete answer within 200 ms']));
    for (const { latencyMs } of samples) expect(latencyMs).toBeLessThan(5_000);
  });

  it('asks security probes too, gives the observations in the order of the probes, and some at a time', async () => {
    const closed = probe('/closed', { method: 'POST', token: 'weak', security: true, expect: { status: [403] } });
    const probes = [probe('/late'), closed, probe('/ok'), probe('/cold')];
    const observations = await runSustained(baseUrl, probes, { weak: 't1' }, options({ probesAtOnce: 3 }));
    // The first three overlap; the fourth begins when one of them is done.
    expect(paths.indexOf('/ok')).toBeLessThan(paths.lastIndexOf('/closed'));
    expect(paths.indexOf('/cold')).toBeGreaterThan(
      Math.min(...['/late', '/closed', '/ok'].map((path) => paths.lastIndexOf(path))),
    );
    expect(observations.map((observation) => observation.probe.path)).toEqual(['/late', '/closed', '/ok', '/cold']);
    expect(observations[1]?.samples.every(({ status, mismatches }) => status === 403 && !mismatches.length)).toBe(true);
  });

  it('asks all of them at once where nothing else is said, not all in the same instant', async () => {
    const names = ['/ok', '/late', '/cold', '/slow-share'];
    const startedMs = systemClock.monotonicMs();
    const probes = names.map((path) => probe(path));
    const observations = await runSustained(baseUrl, probes, {}, options({ requests: 10, perSecond: 20 }));
    // One after the other they would take 1.8 s; the first request of each comes before the second of any.
    expect(systemClock.monotonicMs() - startedMs).toBeLessThan(1_500);
    expect(new Set(paths.slice(0, 4))).toEqual(new Set(names));
    expect(observations.map(({ samples }) => samples.length)).toEqual([10, 10, 10, 10]);
  });

  it('observes a server that is not there', async () => {
    const [gone] = await runSustained('http://127.0.0.1:1', [probe('/ok')], {}, options({ requests: 3 }));
    expect(gone?.samples).toHaveLength(3);
    expect(gone?.samples[2]?.mismatches[0]).toMatch(/^no answer: .*ECONNREFUSED/);
  });

  it('refuses a token name that does not exist, before it sends anything', async () => {
    const run = runSustained(baseUrl, [probe('/ok'), probe('/ok', { token: 'root' })], {}, options());
    await expect(run).rejects.toBeInstanceOf(DrillError);
    expect(seen).toBe(0);
  });

  it('throws the reason of an abort, and sends nothing after it', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('interrupted by the user')), 60);
    const probes = [probe('/hung'), probe('/ok'), probe('/ok')];
    const run = runSustained(baseUrl, probes, {}, options({ signal: controller.signal, requests: 100 }));
    await expect(run).rejects.toThrow('interrupted by the user');
    // What was on its way may still arrive.
    await sleep(150);
    const seenThen = seen;
    await sleep(100);
    expect(seen).toBe(seenThen);
    expect(seen).toBeLessThan(40);
  });
});
