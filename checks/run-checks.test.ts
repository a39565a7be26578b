import { describe, expect, test } from 'vitest';
import { judgeCleanUp } from './clean-up.ts';
import { judgeLatestBackup } from './latest-backup.ts';
import { judgeMemory } from './memory.ts';

describe('memory', () => {
  test('passes under the limit', () => {
    expect(judgeMemory([{ name: 'api', peakBytes: 99 }], 100).verdict).toBe('pass');
  });
  test('is red at the limit, and names the process', () => {
    const finding = judgeMemory(
      [
        { name: 'api', peakBytes: 50 },
        { name: 'worker', peakBytes: 100_000_000 },
      ],
      100_000_000,
    );
    expect(finding).toMatchObject({ check: 'memory', verdict: 'fail', evidence: ['worker: 100 MB'] });
  });
  test('is inconclusive when nothing was measured', () => {
    expect(judgeMemory([], 100).verdict).toBe('inconclusive');
  });
});

describe('clean-up', () => {
  test('passes when nothing is left', () => {
    expect(judgeCleanUp([], []).verdict).toBe('pass');
  });
  test('is red when something is left, and names it', () => {
    const finding = judgeCleanUp([{ kind: 'process', name: '7 (api)' }], []);
    expect(finding).toMatchObject({ check: 'clean-up', verdict: 'fail', evidence: ['process 7 (api)'] });
  });
  test('is red when something went wrong although nothing is left', () => {
    expect(judgeCleanUp([], ['the port did not close'])).toMatchObject({
      verdict: 'fail',
      evidence: ['the port did not close'],
    });
  });
});

describe('backup.latest', () => {
  test('passes for the backup that was taken last', () => {
    expect(judgeLatestBackup('b', 'b').verdict).toBe('pass');
  });
  test('is red for another one, and when none is known to have been taken', () => {
    expect(judgeLatestBackup('b', 'a')).toMatchObject({ check: 'backup.latest', verdict: 'fail' });
    expect(judgeLatestBackup(undefined, 'a').verdict).toBe('fail');
  });
});
