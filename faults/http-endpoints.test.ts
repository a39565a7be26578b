import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeSmoke } from '../checks/smoke.ts';
import { systemClock } from '../domain/clock.ts';
import type { Probe } from '../domain/smoke.ts';
import { runProbe } from '../smoke/run-probe.ts';
import { runSmoke } from '../smoke/run-smoke.ts';
import { startEarlyAcknowledge } from './http-early-acknowledge.ts';
import { openEndpoint } from './http-open-endpoint.ts';
import { slowEndpoint } from './http-slow-endpoint.ts';

const tokens = { strong: 'strong-1', weak: 'weak-1' };
const common = { limitMs: 2_000, requests: 1 };
const signProbe = { ...common, method: 'POST' as const, path: '/sign', body: { name: 'a' }, security: true };
const probes: Probe[] = [
  { ...common, name: 'health', method: 'GET', path: '/health?full=1', expect: { status: [200], json: { full: '1' } } },
  { ...common, name: 'other', method: 'GET', path: '/other', expect: { status: [200], json: { ok: true } } },
  { ...signProbe, name: 'sign without a token', expect: { status: [401] } },
  { ...signProbe, name: 'sign with a weak token', token: 'weak', expect: { status: [403] } },
  {
    ...signProbe,
    name: 'write',
    path: '/write',
    token: 'weak',
    expect: { status: [200], json: { name: 'a' } },
    security: false,
  },
];
const options = { clock: systemClock, signal: new AbortController().signal };

const redChecks = async (url: string): Promise<string[]> =>
  judgeSmoke(await runSmoke(url, probes, tokens, options))
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ check, verdict }) => `${check} ${verdict}`);

describe('sabotaged endpoints', () => {
  let api: FastifyInstance;
  let upstream: string;

  beforeAll(async () => {
    api = fastify({ forceCloseConnections: true });
    api.get<{ Querystring: { full?: string } }>('/health', async ({ query }) => ({ full: query.full }));
    api.get('/other', async () => ({ ok: true }));
    api.post('/write', async ({ body }) => body);
    api.post('/sign', async ({ headers }, reply) => {
      if (headers.authorization === undefined) return reply.code(401).send({});
      return reply.code(headers.authorization === 'Bearer strong-1' ? 200 : 403).send({});
    });
    upstream = await api.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => api.close());

  it('are green without a sabotage', async () => {
    expect(await redChecks(upstream)).toEqual([]);
  });

  it('turn smoke.latency red when one answers late, and nothing else, until lifted', async () => {
    await using proxy = await slowEndpoint({ target: upstream, path: '/health' });
    expect(await redChecks(proxy.url)).toEqual(['smoke.latency fail']);
    const other = await runProbe(proxy.url, { ...probes[1]!, requests: 3 }, tokens, options);
    expect(Math.max(...other.samples.map(({ latencyMs }) => latencyMs))).toBeLessThan(1_000);
    await proxy.lift();
    await proxy.lift();
    expect(await redChecks(proxy.url)).toEqual([]);
  });

  it('turn smoke.latency red when a single answer of seventy is late, and only by its last byte', async () => {
    await using proxy = await slowEndpoint({ target: upstream, path: '/health', only: 13 });
    const [health] = probes;
    const many = { ...health!, requests: 70 };
    const observation = await runProbe(proxy.url, many, tokens, options);
    const late = observation.samples.flatMap(({ latencyMs }, index) => (latencyMs >= many.limitMs ? [index + 1] : []));
    expect(late).toEqual([13]);
    expect(observation.samples.every(({ mismatches }) => mismatches.length === 0)).toBe(true);
    expect(judgeSmoke([observation])[1]).toMatchObject({ check: 'smoke.latency', verdict: 'fail' });
  });

  it('turn smoke.auth red when one lets everybody in, and nothing else, until lifted', async () => {
    await using proxy = await openEndpoint({ target: upstream, path: '/sign', token: tokens.strong });
    expect(await redChecks(proxy.url)).toEqual(['smoke.auth fail']);
    await proxy.lift();
    expect(await redChecks(proxy.url)).toEqual([]);
  });

  it('acknowledge a write before the API has it, pass it on later, and lose what they hold', async () => {
    const received: unknown[] = [];
    const behind = fastify();
    behind.post('/write', async ({ body, headers }) => received.push([body, headers.authorization]));
    behind.get('/other', async () => ({ ok: true }));
    const target = await behind.listen({ host: '127.0.0.1', port: 0 });
    await using proxy = await startEarlyAcknowledge({ target, path: '/write', holdMs: 200 });
    const write = { ...probes[4]!, expect: { status: [201], json: { ok: true } } };
    const answered = async (): Promise<string[]> =>
      (await runProbe(proxy.url, write, tokens, options)).samples.flatMap(({ mismatches }) => mismatches);
    expect(await answered()).toEqual([]);
    expect(received).toEqual([]);
    await expect.poll(() => received).toEqual([[{ name: 'a' }, 'Bearer weak-1']]);
    expect(await answered()).toEqual([]);
    expect(proxy.loseHeld()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(received.length).toBe(1);
    expect((await runProbe(proxy.url, probes[1]!, tokens, options)).samples[0]?.mismatches).toEqual([]);
    await behind.close();
  });

  it('end at once when disposed, a delayed request included', async () => {
    const proxy = await slowEndpoint({ target: upstream, path: '/health', delayMs: 60_000 });
    const hanging = runProbe(proxy.url, probes[0]!, tokens, options);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const startedMs = systemClock.monotonicMs();
    await proxy[Symbol.asyncDispose]();
    await hanging;
    expect(systemClock.monotonicMs() - startedMs).toBeLessThan(2_000);
    const gone = await runProbe(proxy.url, probes[1]!, tokens, options);
    expect(gone.samples[0]?.error).toMatch(/ECONNREFUSED/);
  });
});
