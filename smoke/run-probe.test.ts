import { setTimeout as sleep } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { Probe } from '../domain/smoke.ts';
import { runProbe } from './run-probe.ts';
import { runSmoke } from './run-smoke.ts';

const probe = (path: string, part: Partial<Probe> = {}): Probe => ({
  name: path,
  method: 'GET',
  path,
  expect: { status: [200] },
  limitMs: 200,
  requests: 1,
  ...part,
});
const options = (part: { signal?: AbortSignal; graceMs?: number; clock?: Clock } = {}) => ({
  clock: systemClock,
  signal: new AbortController().signal,
  ...part,
});

describe('runProbe', () => {
  let server: FastifyInstance;
  let baseUrl: string;
  const seen: { path: string; authorization: string | undefined; body: unknown }[] = [];

  beforeAll(async () => {
    server = fastify({ forceCloseConnections: true });
    server.addHook('preHandler', async ({ url, headers, body }) => {
      seen.push({ path: url, authorization: headers.authorization, body });
    });
    server.get('/ok', async () => ({ ok: true }));
    server.post('/write', async () => ({ ok: true }));
    server.get('/broken', async (_request, reply) => reply.code(500).send({ error: 'x' }));
    server.get('/moved', async (_request, reply) => reply.redirect('/ok'));
    server.get('/slow', async () => sleep(120, { ok: true }));
    server.get('/hung', async () => sleep(60_000, undefined, { ref: false }));
    server.get('/cut', async (request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-length': '100' });
      reply.raw.write('begun');
      setTimeout(() => request.raw.socket.destroy(), 20);
    });
    server.get('/last-byte', async (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-length': '2' });
      reply.raw.write('{');
      setTimeout(() => reply.raw.end('}'), 150);
    });
    server.get('/half', async (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-length': '100' });
      reply.raw.write('begun');
    });
    baseUrl = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.close());

  it('sends the requests one by one and times each', async () => {
    const slow = await runProbe(baseUrl, probe('/slow', { requests: 3 }), {}, options());
    expect(slow.samples).toHaveLength(3);
    for (const sample of slow.samples) {
      expect(sample).toMatchObject({ status: 200, mismatches: [] });
      expect(sample.latencyMs).toBeGreaterThan(100);
    }
  });

  it('times until the last byte, and not until the headers', async () => {
    const { samples } = await runProbe(baseUrl, probe('/last-byte', { limitMs: 100 }), {}, options());
    expect(samples[0]).toMatchObject({ status: 200, mismatches: [] });
    expect(samples[0]?.latencyMs).toBeGreaterThan(140);
  });

  it('times by the clock that it is given', async () => {
    let nowMs = 0;
    const clock: Clock = { now: () => new Date(0), monotonicMs: () => (nowMs += 7) };
    const { samples } = await runProbe(baseUrl, probe('/ok', { requests: 2 }), {}, options({ clock }));
    expect(samples.map(({ latencyMs }) => latencyMs)).toEqual([7, 7]);
  });

  it('sends the named token and the body, and neither where there is none', async () => {
    seen.length = 0;
    await runProbe(
      baseUrl,
      probe('/write', { method: 'POST', token: 'admin', body: { a: 1 } }),
      { admin: 't1' },
      options(),
    );
    await runProbe(baseUrl, probe('/ok'), { admin: 't1' }, options());
    expect(seen).toEqual([
      { path: '/write', authorization: 'Bearer t1', body: { a: 1 } },
      { path: '/ok', authorization: undefined, body: undefined },
    ]);
  });

  it('refuses a token name that does not exist, before it sends anything', async () => {
    seen.length = 0;
    const run = runProbe(baseUrl, probe('/ok', { token: 'root' }), { admin: 'secret-value' }, options());
    const error = await run.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DrillError);
    expect(String(error)).toMatch(/expected one of admin, actual root/);
    expect(String(error)).not.toContain('secret-value');
    expect(seen).toEqual([]);
  });

  it('never sends a request again, and does not follow a redirect', async () => {
    seen.length = 0;
    const broken = await runProbe(baseUrl, probe('/broken'), {}, options());
    const moved = await runProbe(baseUrl, probe('/moved'), {}, options());
    expect(broken.samples[0]).toMatchObject({ status: 500, mismatches: ['status is 500 instead of 200'] });
    expect(moved.samples[0]).toMatchObject({ status: 302, mismatches: ['status is 302 instead of 200'] });
    expect(seen.map(({ path }) => path)).toEqual(['/broken', '/moved']);
  });

  it('gives up a server that hangs, before or within its answer', async () => {
    for (const path of ['/hung', '/half']) {
      const { samples } = await runProbe(baseUrl, probe(path, { limitMs: 50 }), {}, options({ graceMs: 150 }));
      expect(samples[0]?.error).toBe('no complete answer within 200 ms');
      expect(samples[0]?.status).toBeUndefined();
      expect(samples[0]?.latencyMs).toBeGreaterThan(150);
      expect(samples[0]?.latencyMs).toBeLessThan(2_000);
    }
  });

  it('observes an answer that breaks off, and a server that is not there', async () => {
    const cut = await runProbe(baseUrl, probe('/cut'), {}, options());
    expect(cut.samples[0]?.status).toBeUndefined();
    expect(cut.samples[0]?.mismatches[0]).toMatch(/^the answer \(status 200\) broke off: /);
    const gone = await runProbe('http://127.0.0.1:1', probe('/ok', { requests: 2 }), {}, options());
    expect(gone.samples).toHaveLength(2);
    expect(gone.samples[0]?.mismatches[0]).toMatch(/^no answer: .*ECONNREFUSED/);
  });

  it('throws the reason of an abort', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('interrupted by the user')), 30);
    const run = runProbe(baseUrl, probe('/hung', { limitMs: 5_000 }), {}, options({ signal: controller.signal }));
    await expect(run).rejects.toThrow('interrupted by the user');
  });

  it('puts all probes, in their order', async () => {
    const observations = await runSmoke(baseUrl, [probe('/ok'), probe('/broken'), probe('/ok')], {}, options());
    expect(observations.map(({ probe, samples }) => [probe.path, samples[0]?.status])).toEqual([
      ['/ok', 200],
      ['/broken', 500],
      ['/ok', 200],
    ]);
  });
});
