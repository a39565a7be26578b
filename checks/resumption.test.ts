import { expect, test } from 'vitest';
import { judgeResumption } from './resumption.ts';

const write = { store: 'postgres', path: 'POST /x' };
const verdicts = (...facts: Parameters<typeof judgeResumption>): string[] =>
  judgeResumption(...facts).map(({ check, verdict }) => `${check} ${verdict}`);

test('both pass when every write is acknowledged and the worker beats', () => {
  expect(verdicts({ writes: [write], heartbeatAgeMs: 900 })).toEqual(['resume.writes pass', 'resume.worker pass']);
});

test('resume.writes is red when a write is refused, and when none was tried', () => {
  expect(verdicts({ writes: [write, { ...write, error: 'HTTP 500' }], heartbeatAgeMs: 1 })[0]).toBe(
    'resume.writes fail',
  );
  expect(verdicts({ writes: [], heartbeatAgeMs: 1 })[0]).toBe('resume.writes fail');
});

test('of a system without workers none is judged', () => {
  expect(verdicts({ writes: [write] })).toEqual(['resume.writes pass']);
});

test('resume.worker is red without a heartbeat and with an old one', () => {
  expect(verdicts({ writes: [write], heartbeatAgeMs: 'none' })[1]).toBe('resume.worker fail');
  expect(verdicts({ writes: [write], heartbeatAgeMs: 31_000 })[1]).toBe('resume.worker fail');
});
