import { expect, test } from 'vitest';
import { judgeResumption } from '../checks/resumption.ts';
import type { DrillContext } from './context.ts';
import { askHeartbeat, heartbeatSinceMs } from './worker-heartbeat.ts';

/** A run whose worker beat `agesMs` ago, one answer a question. */
function contextOf(agesMs: (number | undefined)[], nowMs = 100_000): DrillContext {
  const server = { connection: {}, access: {} };
  return {
    clock: { now: () => new Date(0), monotonicMs: () => (nowMs += 1) },
    signal: new AbortController().signal,
    system: { workerHeartbeatAgeMs: async () => (agesMs.length > 1 ? agesMs.shift() : agesMs[0]) },
    state: {
      app: { startedMs: 98_500 },
      fault: { injectedMs: 80_000 },
      database: server,
      objects: server,
      search: server,
    },
  } as unknown as DrillContext;
}
const verdictOf = async (context: DrillContext): Promise<string | undefined> => {
  const heartbeat = await askHeartbeat(context, { sinceMs: heartbeatSinceMs(context), waitMs: 0 });
  return judgeResumption({ writes: [{ store: 'postgres', path: 'POST /x' }], ...(heartbeat && { heartbeat }) })[1]
    ?.verdict;
};

test('a heartbeat that came back with the restored rows is no life, although it is young', async () => {
  expect(await verdictOf(contextOf([13_700]))).toBe('fail');
  expect(await verdictOf(contextOf([400]))).toBe('pass');
  expect(await verdictOf(contextOf([undefined]))).toBe('fail');
});

test('where the workers ran on, the beat must be from after the fault', async () => {
  const context = contextOf([21_000]);
  Object.assign(context.state, { app: { startedMs: 1_000 } });
  expect(heartbeatSinceMs(context)).toBe(80_000);
  expect(await verdictOf(context)).toBe('fail');
});

test('a beat of after the start is waited for', async () => {
  const context = contextOf([13_700, 13_800, 20]);
  expect(await askHeartbeat(context, { sinceMs: 98_500 })).toMatchObject({ ageMs: 20 });
});
