import { expect, test } from 'vitest';
import { criticalPath, isGraph, runGraph, type StepSpan } from './step-graph.ts';
import type { StepOutcome } from './step-runner.ts';

const steps = [{ id: 'a' }, { id: 'b' }, { id: 'c', after: ['a'] }, { id: 'd', after: ['b', 'c'] }];

test('steps are a graph once one of them waits for others', () => {
  expect(isGraph(steps)).toBe(true);
  expect(isGraph([{ id: 'a' }, { id: 'b' }])).toBe(false);
});

test('a step begins when all before it are done, and not before', async () => {
  const events: string[] = [];
  const outcomes = runGraph(steps, async (id) => {
    events.push(`${id} begins`);
    await new Promise((resolve) => setTimeout(resolve, id === 'b' ? 30 : 5));
    events.push(`${id} ends`);
    return { kind: 'ok' };
  });
  await Promise.all(outcomes.values());
  expect(events.slice(0, 2)).toEqual(['a begins', 'b begins']);
  expect(events.indexOf('c begins')).toBeGreaterThan(events.indexOf('a ends'));
  expect(events.indexOf('c begins')).toBeLessThan(events.indexOf('b ends'));
  expect(events.slice(-2)).toEqual(['d begins', 'd ends']);
});

test('what failed blocks what builds on it, and nothing else', async () => {
  const blocked = new Map<string, string | undefined>();
  const outcomes = runGraph(steps, async (id, blockedBy): Promise<StepOutcome> => {
    blocked.set(id, blockedBy);
    if (id === 'a') return { kind: 'failed', error: new Error('red'), blocks: 'a failed' };
    return blockedBy === undefined ? { kind: 'ok' } : { kind: 'skipped', reason: blockedBy, blocks: blockedBy };
  });
  await Promise.all(outcomes.values());
  expect(Object.fromEntries(blocked)).toEqual({ a: undefined, b: undefined, c: 'a failed', d: 'a failed' });
});

test('a step that is red by a finding alone blocks nothing', async () => {
  const outcomes = runGraph([{ id: 'a' }, { id: 'b', after: ['a'] }], async (id, blockedBy): Promise<StepOutcome> => {
    expect(blockedBy).toBeUndefined();
    return id === 'a' ? { kind: 'failed', error: new Error('red') } : { kind: 'ok' };
  });
  await expect(outcomes.get('b')).resolves.toEqual({ kind: 'ok' });
});

test('the critical path leads back from what ended last over what it waited for last', () => {
  const span = (id: string, startedMs: number, endedMs: number, after?: string[]): StepSpan => ({
    id,
    startedMs,
    endedMs,
    phases: [],
    ...(after && { after }),
  });
  const spans = [
    span('a', 0, 10),
    span('b', 0, 25),
    span('c', 10, 20, ['a']),
    span('d', 25, 40, ['b', 'c']),
    span('e', 20, 30, ['c']),
  ];
  expect(criticalPath(spans).map(({ id }) => id)).toEqual(['b', 'd']);
  expect(criticalPath([])).toEqual([]);
});
