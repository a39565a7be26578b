import { expect, test } from 'vitest';
import type { ServiceFacts } from '../domain/service-facts.ts';
import { judgeAnotherServer } from './another-server.ts';

const old: ServiceFacts = {
  service: 'postgres',
  role: 'production',
  processes: ['process 7'],
  halted: false,
  accepts: true,
  data: { place: '/run/old', entries: 9 },
  content: { identity: '1', items: {} },
};
const fresh: ServiceFacts = {
  ...old,
  processes: ['process 8'],
  data: { place: '/run/new', entries: 9 },
  content: { identity: '2', items: {} },
};
const destroyed = [{ target: { service: 'postgres' }, effect: 'destroyed' }] as const;
const told = (was: ServiceFacts[], is: ServiceFacts[]): string[] =>
  judgeAnotherServer(destroyed, was, is)?.evidence ?? [];

test('recovery.another-server passes for another process, on other data, of another cluster', () => {
  expect(judgeAnotherServer(destroyed, [old], [fresh])).toMatchObject({
    check: 'recovery.another-server',
    verdict: 'pass',
  });
});

test('recovery.another-server is red for the old server, its data or its cluster, each by itself', () => {
  expect(judgeAnotherServer(destroyed, [old], [old])?.verdict).toBe('fail');
  expect(told([old], [{ ...fresh, processes: old.processes }])).toEqual(['postgres: still process 7']);
  // The old server started again on the data that the fault has left.
  expect(told([old], [{ ...old, processes: ['process 9'] }])).toEqual([
    'postgres: still on the data in /run/old',
    'postgres: still the cluster 1',
  ]);
  expect(told([old], [{ ...fresh, content: { identity: '1', items: {} } }])).toEqual(['postgres: still the cluster 1']);
});

test('recovery.another-server is red where no server gives content, and where the old one was not seen', () => {
  const { content: _, ...silent } = fresh;
  expect(told([old], [silent])).toEqual(['postgres: no server gives content now']);
  expect(told([], [fresh])).toEqual(['postgres: the server of before the fault was not seen']);
});

test('a fault that destroys nothing asks for no other server', () => {
  expect(judgeAnotherServer([{ target: { service: 'search' }, effect: 'damaged' }], [old], [old])).toBeUndefined();
});
