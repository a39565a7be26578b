import fastify from 'fastify';
import { expect, test } from 'vitest';
import { systemClock } from '../../domain/clock.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Probe } from '../../domain/smoke.ts';
import type { SustainedSmoke } from '../../domain/runbook.ts';
import type { DrillContext } from '../context.ts';
import { sustainedSmoke } from './sustained.ts';

const probe: Probe = {
  name: 'ok',
  method: 'GET',
  path: '/ok',
  expect: { status: [200] },
  limitMs: 2_000,
  requests: 1,
};

/** As much of a context as the step looks at. */
function contextOf(apiUrl: string, sustained?: SustainedSmoke, sabotage?: string) {
  const told: string[] = [];
  const judged: Finding[] = [];
  const record = {
    limitations: [],
    findings: [],
    smoke: [],
    environment: { cpus: 2 },
  } as unknown as DrillContext['record'];
  const context = {
    runbook: { smoke: { probes: [probe], detectBy: 'ok', ...(sustained && { sustained }) } },
    record,
    options: { sabotage },
    clock: systemClock,
    signal: new AbortController().signal,
    definition: { name: 'a drill' },
    state: { apiUrl, tokens: {} },
    progress: () => ({ info: (message: string) => told.push(message), advance: () => {} }),
    judge: (findings: readonly Finding[]) => judged.push(...findings),
  } as unknown as DrillContext;
  return { context, told, judged, record };
}

test('without a rate in the runbook nothing is sent, and both progress and record say so', async () => {
  const { context, told, judged, record } = contextOf('http://127.0.0.1:1');
  await sustainedSmoke.execute(context);
  const why = 'No requests were sent at a fixed rate after the recovery: the runbook asks for none.';
  expect(told).toEqual([why]);
  expect(record.limitations).toEqual([why]);
  expect(record.sustained).toBeUndefined();
  expect(judged).toEqual([]);
});

test('with a rate every probe is asked as often as it says; the lines are in the record, the finding is judged', async () => {
  await using server = fastify({ forceCloseConnections: true });
  server.get('/ok', async () => ({ ok: true }));
  const apiUrl = await server.listen({ host: '127.0.0.1', port: 0 });
  const { context, judged, record } = contextOf(apiUrl, { requests: 10, perSecond: 200 });
  await sustainedSmoke.execute(context);
  expect(record.sustained).toEqual([expect.objectContaining({ probe: 'ok', requests: 10, verdict: 'pass' })]);
  expect(judged).toEqual([expect.objectContaining({ check: 'smoke.sustained', verdict: 'pass' })]);
  expect(record.limitations).toEqual([]);
});

test('a system that does not answer is red', async () => {
  const { context, judged, record } = contextOf('http://127.0.0.1:1', { requests: 3, perSecond: 200 });
  await sustainedSmoke.execute(context);
  expect(judged).toEqual([expect.objectContaining({ check: 'smoke.sustained', verdict: 'fail' })]);
  expect(record.sustained?.[0]).toMatchObject({ errors: 3, verdict: 'fail' });
});

test('a system that is red already is not asked: nothing is sent, and both progress and record say why', async () => {
  const { context, told, judged, record } = contextOf('http://127.0.0.1:1', { requests: 3, perSecond: 200 });
  record.findings.push({ check: 'integrity.rows', verdict: 'fail', expected: '2', actual: '1' });
  await sustainedSmoke.execute(context);
  expect(told).toEqual([expect.stringContaining('integrity.rows is red')]);
  expect(record.limitations).toEqual(told);
  expect(judged).toEqual([]);
});

test('nor one that a sabotage was done to, which the drill itself has to find', async () => {
  const { context, told, judged, record } = contextOf(
    'http://127.0.0.1:1',
    { requests: 3, perSecond: 200 },
    'secret-kept',
  );
  await sustainedSmoke.execute(context);
  expect(told).toEqual([expect.stringContaining('this run plays secret-kept for real')]);
  expect(record.limitations).toEqual(told);
  expect(judged).toEqual([]);
});

test('how many probes are asked at once follows from what each took alone, and is said', async () => {
  await using server = fastify({ forceCloseConnections: true });
  server.get('/ok', async () => ({ ok: true }));
  const apiUrl = await server.listen({ host: '127.0.0.1', port: 0 });
  const { context, told, record } = contextOf(apiUrl, { requests: 2, perSecond: 100 });
  context.runbook.smoke.probes.push(...['2', '3', '4', '5'].map((name) => ({ ...probe, name })));
  await sustainedSmoke.execute(context);
  expect(told[0]).toBe('2 requests to each of 5 probes, 100 a second; all probes at once');
  const slow = ['ok', '2', '3', '4', '5'].map((name) => ({ target: 'recovered', probe: name, p50Ms: 100 }));
  record.smoke.push(...(slow as typeof record.smoke));
  await sustainedSmoke.execute(context);
  expect(told).toContain(
    '2 requests to each of 5 probes, 100 a second; 4 probes at a time: by their latencies one by one, half of this machine does not sustain more',
  );
  expect(record.sustained).toHaveLength(5);
});
