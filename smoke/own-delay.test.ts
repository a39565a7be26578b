import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { judgeSmoke } from '../checks/smoke.ts';
import { judgeSustained } from '../checks/sustained.ts';
import { systemClock } from '../domain/clock.ts';
import type { Probe } from '../domain/smoke.ts';
import { machineLoad, OwnDelay } from './own-delay.ts';
import { runSmoke } from './run-smoke.ts';
import { runSustained } from './sustained.ts';

const probe: Probe = {
  name: 'ok',
  method: 'GET',
  path: '/ok',
  expect: { status: [200] },
  limitMs: 400,
  requests: 2,
};

/** Keeps the one thread of this process from doing anything else, as a starved machine does. */
function holdUp(durationMs: number): void {
  const untilMs = systemClock.monotonicMs() + durationMs;
  while (systemClock.monotonicMs() < untilMs);
}

const signal = new AbortController().signal;
const latencyOf = (observations: Parameters<typeof judgeSmoke>[0]) => judgeSmoke(observations, machineLoad())[1];

test('a harness that is held up measures it: within the time of it, not before', async () => {
  const startedMs = systemClock.monotonicMs();
  await using ownDelay = await OwnDelay.start(systemClock);
  await sleep(200);
  const sinceMs = systemClock.monotonicMs();
  holdUp(600);
  const untilMs = systemClock.monotonicMs();
  expect(ownDelay.within(sinceMs, untilMs)).toBeGreaterThan(500);
  await sleep(200);
  expect(ownDelay.within(sinceMs, untilMs), 'still known afterwards').toBeGreaterThan(500);
  expect(ownDelay.within(sinceMs, untilMs), 'no longer than it measures').toBeLessThanOrEqual(
    systemClock.monotonicMs() - startedMs,
  );
});

test('latencies of a starved harness are inconclusive, and those of a slow endpoint are red, by the same limit', async () => {
  await using server = fastify({ forceCloseConnections: true });
  let before = (): unknown => undefined;
  server.get('/ok', async () => {
    await before();
    return { ok: true };
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  await using ownDelay = await OwnDelay.start(systemClock);
  const ask = () => runSmoke(url, [probe], {}, { clock: systemClock, signal, ownDelay });

  before = () => holdUp(600);
  const starved = latencyOf(await ask());
  expect(starved).toMatchObject({ check: 'smoke.latency', verdict: 'inconclusive' });
  expect(starved?.evidence?.[0]).toMatch(/^the harness itself was held up for [\d,]+ ms \(load average .*too busy/);

  before = () => sleep(900);
  await sleep(300);
  const slow = await ask();
  // A busy machine may hold this very test up too; then it says so, and nothing else can be asked of it.
  const isBusy = slow[0]!.samples.every(({ ownDelayMs = 0 }) => ownDelayMs > 100);
  expect(latencyOf(slow)?.verdict).toBe(isBusy ? 'inconclusive' : 'fail');
});

test('a stretch at a fixed rate in which the machine stood still is inconclusive, a wrong answer in it is red', async () => {
  await using server = fastify({ forceCloseConnections: true });
  let count = 0;
  let isWrong = false;
  server.get('/ok', async (_request, reply) => {
    count += 1;
    if (count === 5) holdUp(700);
    if (isWrong && count === 8) return reply.code(500).send({ ok: false });
    return { ok: true };
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  await using ownDelay = await OwnDelay.start(systemClock);
  const options = { requests: 20, perSecond: 50, clock: systemClock, signal, ownDelay };
  expect(judgeSustained(await runSustained(url, [probe], {}, options)).finding.verdict).toBe('inconclusive');
  [count, isWrong] = [0, true];
  expect(judgeSustained(await runSustained(url, [probe], {}, options)).finding.verdict).toBe('fail');
});
