import { describe, expect, test } from 'vitest';
import type { ComparisonRecord } from '../domain/record-recovery.ts';
import { judgeComparison } from './comparison.ts';

type Way = ComparisonRecord['ways'][number];
const way: Way = { name: 'a', title: 'A', durationMs: 10, detail: 'as told', chosen: true, verdict: 'pass' };

describe('comparison', () => {
  test('passes when every way comes to the same content', () => {
    expect(judgeComparison({ title: 'Back', ways: [way, { ...way, name: 'b' }] }).verdict).toBe('pass');
  });

  test.for<[string, Way[]]>([
    ['a way that fails', [way, { ...way, name: 'b', verdict: 'fail' }]],
    ['a way that took no time', [way, { ...way, name: 'b', durationMs: 0 }]],
    ['one way alone', [way]],
    ['no way', []],
  ])('is red for %s', ([, ways]) => {
    expect(judgeComparison({ title: 'Back', ways })).toMatchObject({ check: 'comparison', verdict: 'fail' });
  });
});
