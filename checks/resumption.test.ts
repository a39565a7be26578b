import { expect, test } from 'vitest';
import { judgeResumption } from './resumption.ts';

const write = { store: 'postgres', path: 'POST /x' };
const verdicts = (...facts: Parameters<typeof judgeResumption>): string[] =>
  judgeResumption(...facts).map(({ check, verdict }) => `${check} ${verdict}`);

test('both pass when every write is acknowledged and the worker beats', () => {
  expect(verdicts({ writes: [write], heartbeat: { ageMs: 900, sinceMs: 2_000 } })).toEqual([
    'resume.writes pass',
    'resume.worker pass',
  ]);
});

test('resume.writes is red when a write is refused, and when none was tried', () => {
  expect(verdicts({ writes: [write, { ...write, error: 'HTTP 500' }], heartbeat: { ageMs: 1, sinceMs: 2 } })[0]).toBe(
    'resume.writes fail',
  );
  expect(verdicts({ writes: [], heartbeat: { ageMs: 1, sinceMs: 2 } })[0]).toBe('resume.writes fail');
});

test('resume.worker does not apply to a system without workers', () => {
  expect(verdicts({ writes: [write] })).toEqual(['resume.writes pass', 'resume.worker not-applicable']);
});

test('resume.worker is red without a heartbeat and with an old one', () => {
  expect(verdicts({ writes: [write], heartbeat: { ageMs: 'none', sinceMs: 2_000 } })[1]).toBe('resume.worker fail');
  expect(verdicts({ writes: [write], heartbeat: { ageMs: 31_000, sinceMs: 60_000 } })[1]).toBe('resume.worker fail');
});

test('resume.worker is red for a heartbeat from before the workers were started again, however young it is', () => {
  const restored = { ageMs: 13_700, sinceMs: 1_200 };
  const [, worker] = judgeResumption({ writes: [write], heartbeat: restored });
  expect(worker).toMatchObject({ check: 'resume.worker', verdict: 'fail', actual: '13.7 s ago' });
});
